/** Downloads what is missing of a checkpoint. */

import { type CheckpointOptions, findEntry } from "./catalogue.ts";
import { findFiles, type FindOptions, type FoundCheckpoint } from "./find.ts";
import type { Checkpoint, PublishedFile } from "./checkpoint.ts";
import { planHub, sizedFiles } from "./plan_hub.ts";
import { pullAddresses } from "./pull_addresses.ts";
import { pullHub } from "./pull_hub.ts";
import type { PullProgress } from "./pull_step.ts";
import { readRecords } from "./records.ts";
import { UnansweredError } from "./refusals.ts";
import { createWeb, type WebOptions } from "./request.ts";
import { type HubSettings, hubSettings } from "./settings.ts";

/** Milliseconds that a person waits for what an offer says. */
const OFFER_PATIENCE = 10_000;

/** How a checkpoint is downloaded. */
export interface PullOptions extends FindOptions, WebOptions {
  /** Told what will be downloaded, with the sizes that are known, before it is. */
  readonly onPlan?: (files: readonly PublishedFile[]) => void;
  /** Told how far it is, at every few kilobytes. */
  readonly onProgress?: (progress: PullProgress) => void;
}

/**
 * Downloads the files of a checkpoint that are not here, each verified before
 * it gets its name: by the catalogue's hash or the hub's, and by that of the
 * first download. What was begun goes on where it ended.
 *
 * @returns what is here then, which is all
 * @throws Error that names the file and says why it can't be had
 */
export async function pullCheckpoint(
  name: string,
  options: PullOptions = {},
): Promise<FoundCheckpoint> {
  return await pullEntry(findEntry(name, options), options);
}

/** As {@link pullCheckpoint}, of an entry. */
export async function pullEntry(
  entry: Checkpoint,
  options: Omit<PullOptions, keyof CheckpointOptions> = {},
): Promise<FoundCheckpoint> {
  const settings = options.settings ?? hubSettings();
  const web = createWeb(settings, options);
  const { onPlan = () => {}, onProgress = () => {} } = options;
  let found = await findFiles(settings, entry, await readRecords(settings));
  // A list of shards shows its files as missing once it is here.
  while (found.missing.length > 0) {
    if (settings.offline) throw offline(found);
    const records = await readRecords(settings);
    const pull = { settings, web, records, onPlan, onProgress };
    if (entry.kind === "hub") await pullHub({ ...pull, entry }, found.missing);
    else await pullAddresses({ ...pull, entry }, found.missing);
    const before = new Set(found.missing.map(({ path }) => path));
    found = await findFiles(settings, entry, await readRecords(settings));
    const lost = found.missing.find(({ path }) => before.has(path));
    if (lost) throw gone(lost, found);
  }
  return found;
}

/**
 * What would be downloaded of a checkpoint. Sizes that are nobody's, or those of
 * the checkpoint that it is like, are told by the hub, if that answers.
 *
 * @throws Error if the hub hasn't all of it, or refuses
 */
export async function filesToPull(
  { checkpoint: entry, missing }: FoundCheckpoint,
  settings: HubSettings,
): Promise<readonly PublishedFile[]> {
  const isKnown = ({ bytes, about }: PublishedFile) =>
    (bytes ?? about) !== undefined;
  if (entry.kind !== "hub" || settings.offline) return missing;
  if (entry.like === undefined && missing.every(isKnown)) return missing;
  const web = createWeb(settings, { tries: 1, patience: OFFER_PATIENCE });
  try {
    const records = await readRecords(settings);
    return sizedFiles(await planHub({ web, entry, records }, missing));
  } catch (error) {
    if (error instanceof UnansweredError) return missing;
    throw error;
  }
}

function offline({ checkpoint, missing }: FoundCheckpoint): Error {
  return new Error(
    `Cannot download ${missing.map(({ path }) => path).join(", ")} of ` +
      `${checkpoint.name}: HF_HUB_OFFLINE is set; remove it, or put the files ` +
      "into the cache from a machine that is not offline",
  );
}

/** It was downloaded, and something else removed or cut it at once. */
function gone({ path }: PublishedFile, { folder }: FoundCheckpoint): Error {
  return new Error(
    `Cannot use ${path}: it was downloaded, but is not in ${folder}, or has ` +
      "another size there; see what else changes that folder",
  );
}
