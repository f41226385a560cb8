/** What of a checkpoint is on this machine. Nothing here asks the network. */

import { join } from "node:path";
import { type CheckpointOptions, findEntry, recordKey } from "./catalogue.ts";
import { checkPath, readRef, snapshotFolder } from "./layout.ts";
import type { Checkpoint, PublishedFile } from "./checkpoint.ts";
import { readRecords, type Records } from "./records.ts";
import { type HubSettings, hubSettings } from "./settings.ts";
import { shardsOf } from "./shards.ts";

type Hub = Extract<Checkpoint, { kind: "hub" }>;

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

/** The path of a checkpoint's one file, or its folder where it has several. */
export function pathOf({ files, folder }: FoundCheckpoint): string {
  const [path, ...more] = files.values();
  return more.length === 0 ? path : folder;
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

/**
 * As {@link findCheckpoint}, of an entry.
 * @throws Error if it is not known what files it has
 */
export async function findFiles(
  settings: HubSettings,
  entry: Checkpoint,
  records: Records,
): Promise<FoundCheckpoint> {
  if (entry.files.length === 0) {
    throw new Error(
      `Cannot find ${entry.name}: it is not in the catalogue, so its files ` +
        "have to be named, such as config.json model.safetensors",
    );
  }
  if (entry.kind === "addresses") {
    const folder = join(settings.ownFolder, entry.name);
    return await lookInto(folder, entry, records);
  }
  const found: FoundCheckpoint[] = [];
  for (const folder of await snapshots(settings, entry, records)) {
    found.push(await lookInto(folder, entry, records));
  }
  return found.reduce((best, other) =>
    other.missing.length < best.missing.length ? other : best
  );
}

/** The folders that may hold it, the one that is preferred first. */
async function snapshots(
  settings: HubSettings,
  entry: Hub,
  records: Records,
): Promise<string[]> {
  const commits = new Set(
    [pinnedCommit(entry, records), await readRef(settings, entry)]
      .filter((commit) => commit !== undefined),
  );
  // Where nothing is: the folder of the branch, which never is one.
  if (commits.size === 0) commits.add(entry.revision);
  return [...commits].map((commit) => snapshotFolder(settings, entry, commit));
}

/**
 * The files that are here of a repository, whichever those are, as paths in it.
 * @throws Error if there can be no such checkpoint
 */
export async function listFiles(
  name: string,
  settings: HubSettings = hubSettings(),
): Promise<string[]> {
  const entry = findEntry(name);
  if (entry.kind !== "hub") return entry.files.map(({ path }) => path);
  const records = await readRecords(settings);
  const [folder] = await snapshots(settings, entry, records);
  return await pathsBelow(folder);
}

async function pathsBelow(folder: string): Promise<string[]> {
  const paths: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      const below = isDirectory ? await pathsBelow(join(folder, name)) : [];
      paths.push(
        ...isDirectory ? below.map((path) => `${name}/${path}`) : [name],
      );
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return paths.sort();
}

/** The commit that a branch stood for when the first file was downloaded. */
export function pinnedCommit(
  entry: Hub,
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
  const bytesOf = (path: string) =>
    records.get(recordKey(checkpoint, path))?.bytes;
  const whole = async ({ path, otherwise, bytes }: PublishedFile) => {
    const known = bytes ?? bytesOf(path);
    if (await isWhole(join(folder, checkPath(path)), known)) return path;
    if (otherwise === undefined) return undefined;
    const other = join(folder, checkPath(otherwise));
    return await isWhole(other, bytesOf(otherwise)) ? otherwise : undefined;
  };
  for (const file of wanted) {
    const name = await whole(file);
    if (name === undefined) {
      missing.push(file);
      continue;
    }
    const path = join(folder, name);
    files.set(name, path);
    for (const shard of await shardsOf(name, path)) {
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
