/** Features of a run's pictures in files, a block each. */

import { join } from "node:path";
import {
  readSafetensorsHeader,
  readTensor,
  type SafetensorsEntry,
  writeSafetensors,
} from "../../lib/run/safetensors.ts";
import { exists } from "../../lib/run/exists.ts";
import { type Features, joinFeatures } from "../metrics/features.ts";
import { type Block, blockName, blocksOf } from "./blocks.ts";
import { hashOf, reported } from "./files.ts";
import type { ArtNotice } from "../pictures/read.ts";
import type { Run } from "./open_run.ts";
import type { PictureSource } from "./picture_source.ts";
import type { BlockPreparation, LoadedBlock } from "./block_loader.ts";
import { readBlocks, type Seen, seenOf } from "./read_blocks.ts";
import { type LeftOutLine, type NetworkRecord, RUN_FILES } from "./record.ts";

/** What a network says of some pictures. */
export interface Extracted {
  /** Rows of numbers, a row a picture: `features`, and perhaps others. */
  readonly rows: Readonly<Record<string, Features>>;
  /** Something else of each picture, as JSON. */
  readonly notes?: readonly unknown[];
}

/** A network that looks at pictures. */
export interface Extractor {
  /** As the run's record has it. */
  readonly network: NetworkRecord;
  /** What it says doesn't depend on which pictures come together. */
  extract(
    pictures: readonly Seen[],
    set: Pictures["set"],
  ): Promise<Extracted>;
  /** The same of pictures that a Worker has prepared; if there is a way. */
  readonly prepared?: {
    readonly how: BlockPreparation;
    /** @param indices the pictures' numbers, of B */
    extract(
      indices: readonly number[],
      pixels: Float32Array,
      set: Pictures["set"],
    ): Promise<Extracted>;
  };
}

/** Pictures that a network is shown. */
export interface Pictures extends PictureSource {
  /** "samples" or "reference". */
  readonly set: "samples" | "reference";
  /** How many. */
  readonly count: number;
  /** Changes when the pictures do. */
  readonly hash: string;
}

/** All that a network said of a set. */
export interface AllExtracted {
  readonly rows: Readonly<Record<string, Features>>;
  /** Numbers of the pictures, rising. */
  readonly indices: readonly number[];
  readonly notes: readonly unknown[];
  readonly leftOut: readonly LeftOutLine[];
}

function folderOf(run: Run, set: Pictures["set"], network: string): string {
  return join(run.folder, RUN_FILES.features, set, network);
}

/** What a block's file depends on, apart from the files of the pictures. */
function keyOf(
  { hash, set, count }: Pick<Pictures, "hash" | "set" | "count">,
  network: NetworkRecord,
  { start, end }: Block,
): string {
  return hashOf([set, count, hash, network, start, end]);
}

/**
 * Extracts the features of every block that isn't there yet.
 *
 * @param onProgress told how many pictures were seen of how many that were
 * missing, from 0 on
 */
export async function extractMissing(
  run: Run,
  pictures: Pictures,
  extractor: Extractor,
  onProgress: (done: number, total: number) => void = () => {},
  onArt?: (notice: ArtNotice) => void,
): Promise<void> {
  const { network } = extractor;
  const folder = folderOf(run, pictures.set, network.name);
  await Deno.mkdir(folder, { recursive: true });
  const blocks = blocksOf(run.record, pictures.count);
  const missing: Block[] = [];
  for (const block of blocks) {
    const path = join(folder, blockName(block));
    const isThere = await hasKey(path, keyOf(pictures, network, block));
    if (!isThere) missing.push(block);
  }
  const total = missing.reduce((sum, { start, end }) => sum + end - start, 0);
  let [done, next] = [0, 0];
  if (total > 0) onProgress(done, total);
  const { places, shape } = pictures;
  const source = { places, ...(shape && { shape }) };
  const prepared = extractor.prepared?.how;
  const options = { source, blocks: missing, ...(prepared && { prepared }) };
  for await (const loaded of readBlocks(options, onArt)) {
    const { leftOut } = loaded;
    const indices = loaded.pictures.map(({ index }) => index);
    const block = missing[next++];
    if (pictures.set === "samples" && leftOut.length > 0) {
      throw new Error(leftOut[0].reason); // only a reference may lack some
    }
    const extracted = indices.length > 0
      ? await look(extractor, loaded, pictures.set)
      : { rows: {} };
    await writeBlock(
      join(folder, blockName(block)),
      keyOf(pictures, network, block),
      indices,
      leftOut,
      extracted,
    );
    done += block.end - block.start;
    onProgress(done, total);
  }
}

function look(
  { extract, prepared }: Extractor,
  loaded: LoadedBlock,
  set: Pictures["set"],
): Promise<Extracted> {
  const { pictures, pixels } = loaded;
  return prepared && pixels instanceof Float32Array
    ? prepared.extract(pictures.map(({ index }) => index), pixels, set)
    : extract(seenOf(loaded), set);
}

async function hasKey(path: string, key: string): Promise<boolean> {
  if (!await exists(path)) return false;
  try {
    return (await readSafetensorsHeader(path)).metadata.key === key;
  } catch {
    return false; // a damaged one is made again
  }
}

async function writeBlock(
  path: string,
  key: string,
  indices: readonly number[],
  leftOut: readonly LeftOutLine[],
  { rows, notes = [] }: Extracted,
): Promise<void> {
  const entries: SafetensorsEntry[] = Object.entries(rows).map((
    [name, { count, width, data }],
  ) => ({
    name,
    dtype: "F32",
    shape: [count, width],
    data: Float32Array.from(data),
  }));
  const metadata = {
    key,
    indices: JSON.stringify(indices),
    leftOut: JSON.stringify(leftOut),
    notes: JSON.stringify(notes),
  };
  await reported(path, () => writeSafetensors(path, entries, metadata));
}

/**
 * All that a network said of a set.
 *
 * @throws Error if a block is missing, is of another run or is damaged
 */
export async function readExtracted(
  run: Run,
  pictures: Pick<Pictures, "set" | "count" | "hash">,
  network: NetworkRecord,
): Promise<AllExtracted> {
  const folder = folderOf(run, pictures.set, network.name);
  const parts: Map<string, Features[]> = new Map();
  const indices: number[] = [];
  const notes: unknown[] = [];
  const leftOut: LeftOutLine[] = [];
  for (const block of blocksOf(run.record, pictures.count)) {
    const path = join(folder, blockName(block));
    if (!await hasKey(path, keyOf(pictures, network, block))) {
      throw new Error(
        `Cannot use the run ${run.folder}: ${path} is missing, damaged or of ` +
          `other pictures; run the command of the run again`,
      );
    }
    const header = await readSafetensorsHeader(path);
    const { metadata } = header;
    indices.push(...JSON.parse(metadata.indices) as number[]);
    notes.push(...JSON.parse(metadata.notes) as unknown[]);
    leftOut.push(...JSON.parse(metadata.leftOut) as LeftOutLine[]);
    for (const [name, { shape: [count, width] }] of header.tensors) {
      const data = await readTensor(header, name) as Float32Array;
      const some = parts.get(name) ?? [];
      parts.set(name, [...some, { count, width, data }]);
    }
  }
  const rows = Object.fromEntries(
    [...parts].map(([name, some]) => [name, joinFeatures(some)]),
  );
  return { rows, indices, notes, leftOut };
}
