/** One split of Conceptual Captions, in the forms that people keep it in. */

import { join } from "node:path";
import { namesIn } from "../files/list.ts";
import { openPairs } from "./open.ts";
import type { PairSet } from "./pair.ts";

/** What the files of a split are called. */
const SPLITS: Readonly<Record<string, RegExp>> = {
  validation: /val/i,
  train: /train/i,
};

/** Names of the splits. */
export const CC3M_SPLITS: readonly string[] = Object.keys(SPLITS);

/**
 * Opens a split in a folder: its `.tsv` beside what img2dataset downloaded, or
 * its WebDataset shards; or whatever else `openPairs()` takes by a path.
 *
 * @throws Error if there is no such thing
 */
export async function openCc3mSplit(
  path: string,
  split: string,
): Promise<PairSet> {
  const info = await Deno.stat(path).catch(() => undefined);
  if (!info?.isDirectory) return await openPairs(path);
  const names = namesIn(path);
  const named = names.filter((name) => SPLITS[split].test(name));
  const table = named.find((name) => /\.tsv$/i.test(name));
  if (table !== undefined) return await openPairs(join(path, table));
  const shards = named.filter((name) => /\.tar$/i.test(name));
  const [first] = shards;
  if (first === undefined) return await openPairs(path);
  // Their names differ in the number before the ending.
  const stem = first.replace(/\d+\.tar$/i, "");
  return await openPairs(join(path, `${stem}*.tar`));
}
