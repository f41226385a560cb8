/** Published checkpoints: what `weights` does with them. */

import { findEntry, pageOf } from "../hub/catalogue.ts";
import { sizeText } from "../run/disk.ts";
import {
  findCheckpoint,
  findFiles,
  type FoundCheckpoint,
  listFiles,
} from "../hub/find.ts";
import type { PublishedFile } from "../hub/checkpoint.ts";
import { PUBLISHED } from "../hub/published.ts";
import { pullCheckpoint } from "../hub/pull.ts";
import { readRecords } from "../hub/records.ts";
import { hubSettings } from "../hub/settings.ts";
import { verifyCheckpoint } from "../hub/verify.ts";
import { UsageError } from "./errors.ts";
import { missingText, pullCommand, sizesText } from "./missing_text.ts";
import { pullStatus } from "./pull_status.ts";
import { createStatus } from "./status.ts";
import { table } from "./table.ts";

/** The names of the catalogue. */
export function publishedNames(): string[] {
  return PUBLISHED.map(({ name }) => name);
}

/** The catalogue, with what is here of each. */
export async function publishedText(): Promise<string> {
  const settings = hubSettings();
  const records = await readRecords(settings);
  const rows = [];
  for (const entry of PUBLISHED) {
    rows.push([
      entry.name,
      sizesText(entry.files).replace("of unknown size", "size unknown"),
      stateText(await findFiles(settings, entry, records)),
      entry.licence,
      entry.about,
      pageOf(entry, settings.endpoint).replace(/^https:\/\//, ""),
    ]);
  }
  return ["Published checkpoints (`weights pull NAME`)", ...table(rows)]
    .join("\n");
}

function stateText({ files, missing }: FoundCheckpoint): string {
  if (missing.length === 0) return "here";
  const all = files.size + missing.length;
  return files.size === 0 ? "" : `${files.size} of ${all} files here`;
}

/** Downloads what is missing, and prints where it is. */
export async function pull(
  name: string,
  files: readonly string[],
  like: string | undefined,
): Promise<number> {
  const settings = hubSettings();
  const options = {
    settings,
    ...(files.length > 0 ? { files } : {}),
    ...(like === undefined ? {} : { like }),
  };
  const entry = findEntry(name, options);
  if (entry.files.length === 0) {
    throw new UsageError(
      `say which files of ${entry.name} to pull, such as ` +
        "`config.json model.safetensors`, or --like amused-256.",
    );
  }
  const onPlan = (files: readonly PublishedFile[]) =>
    console.error(
      `${name}: ${missingText(files)}, from ` +
        `${pageOf(entry, settings.endpoint)} (licence: ${entry.licence})`,
    );
  using status = pullStatus();
  const pulling = { ...options, ...status, onPlan };
  const { folder } = await pullCheckpoint(name, pulling);
  console.log(folder);
  return 0;
}

/**
 * The folder of a checkpoint.
 * @throws Error if it is not all here
 */
export async function publishedPath(name: string): Promise<string> {
  const found = await findHere(name);
  if (found.missing.length === 0) return found.folder;
  throw notHere(found);
}

/** Of what is not in the catalogue, all that is here. */
async function findHere(name: string): Promise<FoundCheckpoint> {
  if (findEntry(name).files.length > 0) return await findCheckpoint(name);
  const files = await listFiles(name);
  if (files.length > 0) return await findCheckpoint(name, { files });
  throw new Error(
    `nothing of ${name} is here; get its files with ` +
      `\`deno task weights pull ${name} FILES\``,
  );
}

function notHere(found: FoundCheckpoint): Error {
  return new Error(
    `${found.checkpoint.name} is not all here (${missingText(found.missing)} ` +
      `missing); get it with \`${pullCommand(found)}\``,
  );
}

/** Verifies what is here of the catalogue; returns how many are damaged. */
export async function verifyHere(): Promise<number> {
  const settings = hubSettings();
  const records = await readRecords(settings);
  let damaged = 0;
  for (const entry of PUBLISHED) {
    damaged += await verifyFiles(await findFiles(settings, entry, records));
  }
  return damaged;
}

/**
 * Verifies one checkpoint; returns how many files are damaged.
 * @throws Error if it is not all here
 */
export async function verifyPublished(name: string): Promise<number> {
  const found = await findHere(name);
  const damaged = await verifyFiles(found);
  if (found.missing.length > 0) throw notHere(found);
  return damaged;
}

async function verifyFiles(found: FoundCheckpoint): Promise<number> {
  const status = createStatus();
  const { checkpoint: { name } } = found;
  const onBytes = (path: string, done: number) =>
    status.show(`${name}: ${path}, read ${sizeText(done)}`);
  let damaged = 0;
  for await (const result of verifyCheckpoint(found, { onBytes })) {
    const { path, file, sha256, against, wanted } = result;
    status.clear();
    if (wanted === undefined) {
      const as = against === "nothing" ? "recorded" : `good (${against})`;
      console.log(`${name}: ${path}  ${sha256.slice(0, 12)}  ${as}`);
      continue;
    }
    damaged++;
    console.error(
      `Cannot use ${path} of ${name}: it is damaged (SHA-256 ` +
        `${sha256.slice(0, 12)}…, wanted ${wanted.slice(0, 12)}… by the ` +
        `${against}); remove ${await Deno.realPath(file)} and pull it again`,
    );
  }
  return damaged;
}
