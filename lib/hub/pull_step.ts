/** What downloading from the hub and from elsewhere have in common. */

import { recordKey } from "./catalogue.ts";
import type { Downloaded, Expected } from "./download.ts";
import type { Checkpoint, PublishedFile } from "./checkpoint.ts";
import { addRecord, type Records, recordsPath } from "./records.ts";
import type { Web } from "./request.ts";
import type { HubSettings } from "./settings.ts";

/** How far a download is. */
export interface PullProgress {
  /** The file that is being downloaded. */
  readonly path: string;
  /** Its bytes that are here. */
  readonly done: number;
  /** All of its bytes, if that is known. */
  readonly total: number | undefined;
  /** How many of the missing files came before this one. */
  readonly index: number;
  /** How many files were missing. */
  readonly count: number;
  /** Known bytes of the files that come after this one. */
  readonly after: number;
}

/** What every step of a pull needs. */
export interface PullStep<Entry extends Checkpoint> {
  readonly settings: HubSettings;
  readonly web: Web;
  readonly entry: Entry;
  readonly records: Records;
  /** Told what will be downloaded, before it is. */
  readonly onPlan: (files: readonly PublishedFile[]) => void;
  readonly onProgress: (progress: PullProgress) => void;
}

/** What a file has to be: as the catalogue says, or as it first was. */
export function expectedOf(
  { entry, records }: PullStep<Checkpoint>,
  { path, bytes, sha256 }: PublishedFile,
): Expected {
  const record = records.get(recordKey(entry, path));
  return {
    bytes: bytes ?? record?.bytes,
    sha256: sha256 ?? record?.sha256,
  };
}

/**
 * Checks what a server says of a file, before it is downloaded.
 * @throws Error if it is another file than the expected one
 */
export function checkAnnounced(
  { settings, entry, records }: PullStep<Checkpoint>,
  text: string,
  path: string,
  expected: Expected,
  announced: Expected,
): void {
  for (const what of ["bytes", "sha256"] as const) {
    const [is, was] = [announced[what], expected[what]];
    if (is === undefined || was === undefined || is === was) continue;
    const isRecorded = records.has(recordKey(entry, path));
    throw new Error(
      `Cannot use ${text}: the publisher has another file now, ` +
        `${what === "bytes" ? "of bytes" : "with the SHA-256"} ${is}, wanted ` +
        `${was}` +
        (isRecorded
          ? ` as it was at the first download; if the new one is right, ` +
            `remove its line from ${recordsPath(settings)}`
          : ""),
    );
  }
}

/** Notes what a file is, the first time that it is here. */
export async function recordFirst(
  { settings, entry, records }: PullStep<Checkpoint>,
  path: string,
  { bytes, sha256 }: Downloaded,
  commit?: string,
): Promise<void> {
  const key = recordKey(entry, path);
  if (records.has(key)) return;
  const record = commit === undefined ? {} : { commit };
  await addRecord(settings, key, { bytes, sha256, ...record });
}

/** The size of a file, or undefined if there is none. */
export async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await Deno.stat(path)).size;
  } catch {
    return undefined;
  }
}
