/**
 * What is computed once and kept: rows in shards, each a safetensors file that
 * appears whole, so that a pass that was stopped goes on where it was.
 */

import { createHash } from "node:crypto";
import { join } from "node:path";
import { cacheFolder } from "../../lib/run/cache_folder.ts";
import { readUpTo } from "../../lib/run/read_up_to.ts";
import {
  readSafetensorsHeader,
  type SafetensorsEntry,
  type SafetensorsHeader,
  writeSafetensors,
} from "../../lib/run/safetensors.ts";

/** Rows of a shard. */
export const SHARD_ROWS = 1024;

/** How a pass goes, and when it is to stop. */
export interface PassOptions {
  /** Folder of all caches; `$XDG_CACHE_HOME/muselab` by default. */
  readonly cache?: string;
  /** Stops the pass with an AbortError; what is done stays. */
  readonly signal?: AbortSignal;
  /** Hears how many of how many rows are there. */
  onProgress?(done: number, total: number): void;
}

/** What a cache holds. */
export interface Contents {
  /** Such as "tokens": a folder of the cache. */
  readonly kind: string;
  /** All that the rows depend on. */
  readonly key: Readonly<Record<string, string | number>>;
  /** Number of rows. */
  readonly rows: number;
  /** Tensors of the rows from `first` to before `end`, and what to say. */
  compute(first: number, end: number): Promise<{
    readonly tensors: readonly SafetensorsEntry[];
    readonly metadata: Readonly<Record<string, string>>;
  }>;
}

/** Opened shards. */
export interface Shards {
  readonly headers: readonly SafetensorsHeader[];
  /** How many of them had to be computed. */
  readonly computed: number;
}

/** Field of a shard's metadata: the key in full, as JSON. */
const KEY = "key";

/**
 * Opens a cache; what it lacks, or has damaged, is computed.
 *
 * @throws Error if the folder holds shards of another key, AbortError if it is
 * stopped
 */
export async function openShards(
  { kind, key, rows, compute }: Contents,
  { cache = cacheFolder(), signal, onProgress }: PassOptions,
): Promise<Shards> {
  const told = JSON.stringify(key);
  const name = createHash("sha256").update(told).digest("hex").slice(0, 16);
  const folder = join(cache, kind, name);
  await Deno.mkdir(folder, { recursive: true });
  const headers: SafetensorsHeader[] = [];
  let computed = 0;
  for (let first = 0; first < rows; first += SHARD_ROWS) {
    const number = String(headers.length).padStart(6, "0");
    const path = join(folder, `${number}.safetensors`);
    const kept = await findShard(path, told);
    if (!kept) {
      signal?.throwIfAborted();
      const end = Math.min(rows, first + SHARD_ROWS);
      const { tensors, metadata } = await compute(first, end);
      await writeSafetensors(path, tensors, { ...metadata, [KEY]: told });
      computed++;
      onProgress?.(end, rows);
    }
    headers.push(kept ?? await readSafetensorsHeader(path));
  }
  return { headers, computed };
}

async function findShard(
  path: string,
  key: string,
): Promise<SafetensorsHeader | undefined> {
  let header: SafetensorsHeader;
  try {
    header = await readSafetensorsHeader(path);
  } catch { // it isn't there, or not whole
    return undefined;
  }
  if (header.metadata[KEY] === key) return header;
  throw new Error(
    `Cannot use the cache ${path}: it was computed from other data or other ` +
      `weights; remove it`,
  );
}

/** Where rows begin and end in a tensor's outermost axis. */
export async function readRows(
  { path, tensors }: SafetensorsHeader,
  name: string,
  first: number,
  count: number,
): Promise<ArrayBuffer> {
  const { shape, offset, length } = tensors.get(name)!;
  const row = length / shape[0];
  using file = await Deno.open(path);
  const bytes = await readUpTo(file, offset + first * row, count * row);
  if (bytes.length === count * row) return bytes.buffer;
  throw new Error(`Cannot read the cache ${path}: it was cut; remove it`);
}

/** Tokens [rows,N] as the tensor of a shard. */
export function tokenRows(tokens: Int32Array, count: number): SafetensorsEntry {
  const shape = [tokens.length / count, count];
  return { name: "tokens", dtype: "I32", shape, data: tokens };
}
