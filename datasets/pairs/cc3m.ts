/**
 * Conceptual Captions (Sharma et al. 2018): a TSV file of captions and
 * addresses, without a header, beside what img2dataset downloaded of them.
 */

import { dirname } from "node:path";
import { readLines } from "../files/lines.ts";
import { listFolder } from "../files/folder.ts";
import { listShards } from "../files/list.ts";
import { isImage } from "../files/names.ts";
import {
  faultOf,
  type FileList,
  type LeftOut,
  type StoredFile,
} from "../files/place.ts";
import { cleanCaptions, type Pair, type PairSet } from "./pair.ts";
import { firstDot, readRecord } from "./sidecar.ts";

/** A line: a caption, a tab, an address. */
const LINE = /^([^\t]*)\t(\S+)\s*$/;

/** Whether a text begins as such a file does. */
export function isCc3m(beginning: string): boolean {
  const [first, second = ""] = beginning.split("\n");
  return [first, second].some((line) => /\thttps?:/.test(line));
}

/**
 * The pairs of a TSV file, in its order. The pictures are looked for below the
 * file's folder, in folders and tar shards, by the "url" of the `.json` that
 * img2dataset writes beside each. Those that were never downloaded are left
 * out by address; lines with the same address make one pair.
 *
 * @throws Error if a line is not of that form, or nothing was downloaded
 */
export async function cc3mPairs(
  path: string,
): Promise<Pick<PairSet, "pairs" | "leftOut">> {
  const captionsOf = await readCaptions(path);
  const list = await listDownload(dirname(path));
  const leftOut: LeftOut[] = [...list.leftOut];
  const { images, reasons } = await imagesByUrl(list, leftOut);
  if (images.size === 0) {
    throw new Error(
      `Cannot find the pictures of ${path}: there is no picture with a .json ` +
        `beside it in ${dirname(path)} or below; get them there with ` +
        `\`deno task datasets pull cc3m\` or img2dataset`,
    );
  }
  const pairs: Pair[] = [];
  for (const [url, captions] of captionsOf) {
    const image = images.get(url);
    if (!image) {
      const why = reasons.get(url);
      const reason = why === undefined ? "" : `: ${why}`;
      leftOut.push({ name: url, reason: `not downloaded${reason}` });
    } else if (captions.length > 0) {
      pairs.push({ id: image.name, captions, image });
    } else leftOut.push({ name: url, reason: "its caption is empty" });
  }
  return { pairs, leftOut };
}

/** A line of such a file. */
export interface Cc3mRow {
  readonly caption: string;
  /** Of the picture. */
  readonly url: string;
}

/**
 * The lines of a TSV file, those that are blank or name the columns left out.
 *
 * @throws Error if one is not of that form
 */
export async function* readCc3mRows(path: string): AsyncGenerator<Cc3mRow> {
  let number = 0;
  for await (const line of readLines(path)) {
    number++;
    if (line.trim() === "") continue;
    const [, caption, url] = LINE.exec(line) ?? [];
    if (url === undefined) {
      throw new Error(
        `Cannot read ${path}: line ${number} is not a caption, a tab and an ` +
          `address`,
      );
    }
    // img2dataset wants names above its columns, which are no pair.
    if (caption === "caption" && url === "url") continue;
    yield { caption, url };
  }
}

/** What is said of each address. */
async function readCaptions(path: string): Promise<Map<string, string[]>> {
  const captionsOf = new Map<string, string[]>();
  for await (const { caption, url } of readCc3mRows(path)) {
    const same = captionsOf.get(url) ?? [];
    captionsOf.set(url, [...same, ...cleanCaptions([caption])]);
  }
  return captionsOf;
}

/** Files below a folder, and those in the tar shards there. */
async function listDownload(folder: string): Promise<FileList> {
  const plain = await listFolder(folder);
  const shards = plain.files.filter(({ name }) => /\.tar$/.test(name));
  const packed = listShards(shards.map(({ place }) => place.path));
  return {
    files: [...plain.files, ...packed.files],
    leftOut: [...plain.leftOut, ...packed.leftOut],
  };
}

/** Pictures by their addresses, and why others could not be had. */
interface FoundImages {
  readonly images: ReadonlyMap<string, StoredFile>;
  readonly reasons: ReadonlyMap<string, string>;
}

async function imagesByUrl(
  { files }: FileList,
  leftOut: LeftOut[],
): Promise<FoundImages> {
  const images = new Map<string, StoredFile>();
  const reasons = new Map<string, string>();
  const pictures = new Map(
    files.filter(({ name }) => isImage(name))
      .map((file) => [firstDot(file.name), file]),
  );
  for (const file of files) {
    if (!/\.json$/.test(file.name)) continue;
    const image = pictures.get(firstDot(file.name));
    try {
      const { url, error_message } = await readRecord(file);
      if (typeof url !== "string") throw new Error("it has no url");
      if (image) images.set(url, image);
      else if (typeof error_message === "string") {
        reasons.set(url, error_message);
      }
    } catch (error) {
      // Without a picture it may be about something else, such as a shard.
      if (image) leftOut.push({ name: file.name, reason: faultOf(error) });
    }
  }
  return { images, reasons };
}
