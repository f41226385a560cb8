/** What of a checkpoint is on this machine. Nothing here asks the network. */

import { join } from "node:path";
import { type CheckpointOptions, findEntry, recordKey } from "./catalogue.ts";
import { checkPath, readRef, snapshotFolder } from "./layout.ts";
import type { Checkpoint, PublishedFile } from "./published.ts";
import { readRecords, type Records } from "./records.ts";
import { type HubSettings, hubSettings } from "./settings.ts";
import { shardsOf } from "./shards.ts";

/** Which files, and where to look. */
export interface FindOptions extends CheckpointOptions {
  /** By default those of the environment. */
  readonly settings?: HubSettings;
}

/** What is here of a checkpoint. */
export interface FoundCheckpoint {
  /** Which one it is, and what files it has. */
  readonly checkpoint: Checkpoint;
  /** The folder of its files, in the publisher's layout. */
  readonly folder: string;
  /** The files that are here: by their path in the repository, on the disk. */
  readonly files: ReadonlyMap<string, string>;
  /** Those that are not, or not whole. */
  readonly missing: readonly PublishedFile[];
}

/**
 * Looks for a checkpoint by the catalogue's name for it, or a repository of the
 * hub by organization/name: in the cache that it shares with other programs, or
 * among our own downloads.
 *
 * @throws Error if there can be no such checkpoint
 */
export async function findCheckpoint(
  name: string,
  options: FindOptions = {},
): Promise<FoundCheckpoint> {
  const settings = options.settings ?? hubSettings();
  const entry = findEntry(name, options);
  return await findFiles(settings, entry, await readRecords(settings));
}

/** As {@link findCheckpoint}, of an entry. */
export async function findFiles(
  settings: HubSettings,
  entry: Checkpoint,
  records: Records,
): Promise<FoundCheckpoint> {
  if (entry.kind === "addresses") {
    const folder = join(settings.ownFolder, entry.name);
    return await lookInto(folder, entry, records);
  }
  const commits = new Set(
    [pinnedCommit(entry, records), await readRef(settings, entry)],
  );
  commits.delete(undefined);
  // Where nothing is: the folder of the branch, which never is one.
  if (commits.size === 0) commits.add(entry.revision);
  const found: FoundCheckpoint[] = [];
  for (const commit of commits) {
    const folder = snapshotFolder(settings, entry, commit!);
    found.push(await lookInto(folder, entry, records));
  }
  return found.reduce((best, other) =>
    other.missing.length < best.missing.length ? other : best
  );
}

/** The commit that a branch stood for when the first file was downloaded. */
export function pinnedCommit(
  entry: Extract<Checkpoint, { kind: "hub" }>,
  records: Records,
): string | undefined {
  const start = recordKey(entry, "");
  for (const [key, { commit }] of records) {
    if (commit && key.startsWith(start)) return commit;
  }
}

async function lookInto(
  folder: string,
  checkpoint: Checkpoint,
  records: Records,
): Promise<FoundCheckpoint> {
  const files = new Map<string, string>();
  const missing: PublishedFile[] = [];
  const wanted: PublishedFile[] = [...checkpoint.files];
  for (const file of wanted) {
    const path = join(folder, checkPath(file.path));
    const bytes = file.bytes ??
      records.get(recordKey(checkpoint, file.path))?.bytes;
    if (!await isWhole(path, bytes)) {
      missing.push(file);
      continue;
    }
    files.set(file.path, path);
    for (const shard of await shardsOf(file.path, path)) {
      const isKnown = wanted.some(({ path }) => path === shard);
      if (!isKnown) wanted.push({ path: shard });
    }
  }
  return { checkpoint, folder, files, missing };
}

async function isWhole(
  path: string,
  bytes: number | undefined,
): Promise<boolean> {
  try {
    const info = await Deno.stat(path); // of what a link leads to
    return info.isFile && (bytes === undefined || info.size === bytes);
  } catch {
    return false;
  }
}
