/** Downloads the archives of a data set, which stay packed. */

import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { download } from "../../lib/hub/download.ts";
import { withLock } from "../../lib/hub/lock.ts";
import type { PullProgress } from "../../lib/hub/pull_step.ts";
import { createWeb, type Web, type WebOptions } from "../../lib/hub/request.ts";
import { exists } from "../../lib/run/exists.ts";
import type { DataFile } from "./coco_files.ts";

/** How files are downloaded. */
export interface PullFilesOptions extends Omit<WebOptions, "patience"> {
  /** The address that their paths are below. */
  readonly address: string;
  /** Told how far it is. */
  readonly onProgress?: (progress: PullProgress) => void;
}

/**
 * Brings files into a folder, each under its own name once its size and its
 * hashes are right; what was begun goes on where it ended. A file that is there
 * is compared by its MD5.
 *
 * @returns their paths
 * @throws Error that names the file and says why it can't be had or used
 */
export async function pullFiles(
  folder: string,
  files: readonly DataFile[],
  { address, onProgress = () => {}, ...waiting }: PullFilesOptions,
): Promise<string[]> {
  const web = createWeb({ endpoint: address }, waiting);
  const paths: string[] = [];
  for (const [index, file] of files.entries()) {
    const after = files.slice(index + 1)
      .reduce((sum, { bytes }) => sum + bytes, 0);
    const about = { path: file.path, index, count: files.length, after };
    paths.push(
      await pullFile(
        web,
        folder,
        file,
        address,
        (done, total) => onProgress({ ...about, done, total }),
      ),
    );
  }
  return paths;
}

type OnBytes = (done: number, total: number | undefined) => void;

async function pullFile(
  web: Web,
  folder: string,
  file: DataFile,
  address: string,
  onBytes: OnBytes,
): Promise<string> {
  const { path, bytes, sha256 } = file;
  const url = `${address.replace(/\/+$/, "")}/${path}`;
  const target = join(folder, basename(path));
  const text = `${basename(path)} from ${new URL(url).host}`;
  await withLock(
    join(folder, ".locks", `${basename(path)}.lock`),
    () => web.note(`Another program downloads ${text}; waiting for it`),
    async () => {
      if (await exists(target)) return await checkFile(target, file, onBytes);
      const incomplete = `${target}.incomplete`;
      await download(web, {
        url,
        subject: { text, hasToken: false },
        incomplete,
        validator: `${incomplete}.etag`,
        expected: { bytes, sha256 },
        onBytes,
      });
      await Deno.rename(incomplete, target);
    },
  );
  return target;
}

/** Compares a file that somebody put there, or that was downloaded before. */
async function checkFile(
  path: string,
  { bytes, md5 }: DataFile,
  onBytes: OnBytes,
): Promise<void> {
  const refuse = (what: string): never => {
    throw new Error(
      `Cannot use ${path}: ${what}; remove it, and the same command downloads ` +
        `it again`,
    );
  };
  using file = await Deno.open(path);
  const { size } = await file.stat();
  if (size !== bytes) refuse(`it has ${size} bytes, wanted ${bytes}`);
  const hash = createHash("md5");
  const buffer = new Uint8Array(1 << 20);
  let done = 0;
  for (let count; (count = await file.read(buffer)) !== null;) {
    hash.update(buffer.subarray(0, count));
    done += count;
    onBytes(done, bytes);
  }
  const found = hash.digest("hex");
  if (found !== md5) refuse(`its MD5 is ${found}, wanted ${md5}`);
}
