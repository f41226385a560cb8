/** Compares what is here of a checkpoint with what it has to be. */

import { recordKey } from "./catalogue.ts";
import type { FoundCheckpoint } from "./find.ts";
import { blobName } from "./layout.ts";
import { type Hashes, hashFile } from "./part.ts";
import { addRecord, readRecords } from "./records.ts";
import { type HubSettings, hubSettings } from "./settings.ts";

/** What a file was compared with, the surest first. */
export type Against = "catalogue" | "first download" | "hub" | "nothing";

/** What was found of a file. */
export interface Verified {
  /** In its repository. */
  readonly path: string;
  /** On the disk. */
  readonly file: string;
  readonly sha256: string;
  readonly against: Against;
  /** What it should be, if it isn't that. */
  readonly wanted?: string;
}

/** Choices of {@link verifyCheckpoint}. */
export interface VerifyOptions {
  /** By default those of the environment. */
  readonly settings?: HubSettings;
  /** Told how far a file is, in bytes. */
  readonly onBytes?: (path: string, done: number) => void;
}

/**
 * Hashes the files that are here, one after the other. A file that there is
 * nothing to compare with is recorded, and compared with that the next time.
 */
export async function* verifyCheckpoint(
  { checkpoint, files }: FoundCheckpoint,
  options: VerifyOptions = {},
): AsyncGenerator<Verified> {
  const settings = options.settings ?? hubSettings();
  const records = await readRecords(settings);
  for (const [path, file] of files) {
    const listed = checkpoint.files.find((other) => other.path === path);
    const key = recordKey(checkpoint, path);
    const hashes = await hashFile(
      file,
      (done) => options.onBytes?.(path, done),
    );
    const known = [
      comparison("catalogue", hashes, listed?.sha256),
      comparison("first download", hashes, records.get(key)?.sha256),
      comparison("hub", hashes, await blobName(file)),
    ].find((found) => found !== undefined);
    const { bytes, sha256 } = hashes;
    if (!known) await addRecord(settings, key, { bytes, sha256 });
    yield { path, file, sha256, against: "nothing", ...known };
  }
}

/** Compares with a SHA-256, or a hash of git's. */
function comparison(
  against: Against,
  { sha256, gitSha1 }: Hashes,
  wanted: string | undefined,
): Pick<Verified, "against" | "wanted"> | undefined {
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(wanted ?? "")) return undefined;
  const isSame = wanted === sha256 || wanted === gitSha1;
  return isSame ? { against } : { against, wanted };
}
