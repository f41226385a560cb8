/** The tokens of a set's pictures, computed once. */

import { gridSize } from "../../lib/vqgan/config.ts";
import type { Tokenizer } from "../../lib/vqgan/model.ts";
import type { LeftOut } from "../files/place.ts";
import { type PairSet, picturesHash } from "../pairs/pair.ts";
import { streamPairs } from "../pairs/stream.ts";
import {
  type Contents,
  openShards,
  type PassOptions,
  readRows,
  SHARD_ROWS,
  tokenRows,
} from "./shards.ts";

/** The tokens of a set's pictures. */
export interface TokenCache {
  /** Tokens a picture, N. */
  readonly count: number;
  /** Those of a pair's picture [N]; undefined if it can't be read. */
  read(index: number): Promise<Int32Array | undefined>;
  /** Pictures that can't be read. */
  readonly broken: readonly LeftOut[];
  /** Shards that had to be computed. */
  readonly computed: number;
}

/** Pictures encoded at once; divides a shard. */
const BATCH = 16;
/** Changes when tokens of the same picture would come out different. */
const VERSION = 1;

/** A picture that can't be read, in a shard's metadata. */
type Broken = readonly [index: number, reason: string];

/**
 * Opens the tokens of the squares at the centre of all pictures, resized to
 * the tokenizer's size.
 *
 * @param weights SHA-256 of the tokenizer's file
 */
export async function openTokenCache(
  set: PairSet,
  tokenizer: Pick<Tokenizer, "config" | "encode">,
  weights: string,
  options: PassOptions = {},
): Promise<TokenCache> {
  const { imageSize: size } = tokenizer.config;
  const rows = set.pairs.length;
  const key = { version: VERSION, pictures: picturesHash(set), weights, size };
  const { compute, close } = encoding(set, tokenizer, options);
  try {
    const { headers, computed } = await openShards(
      { kind: "tokens", key, rows, compute },
      options,
    );
    const broken = new Map<number, string>(
      headers.flatMap(({ metadata }) =>
        JSON.parse(metadata.broken) as Broken[]
      ),
    );
    return {
      count: gridSize(tokenizer.config) ** 2,
      computed,
      broken: [...broken].map(([index, reason]) => ({
        name: set.pairs[index].id,
        reason,
      })),
      async read(index) {
        if (broken.has(index)) return undefined;
        const header = headers[Math.floor(index / SHARD_ROWS)];
        const bytes = await readRows(header, "tokens", index % SHARD_ROWS, 1);
        return new Int32Array(bytes);
      },
    };
  } finally {
    close();
  }
}

/** Computes shards of tokens, one after the other, until it is closed. */
function encoding(
  set: PairSet,
  tokenizer: Pick<Tokenizer, "config" | "encode">,
  { signal, onProgress }: PassOptions,
): { readonly compute: Contents["compute"]; close(): void } {
  const { imageSize: size } = tokenizer.config;
  const rows = set.pairs.length;
  const count = gridSize(tokenizer.config) ** 2;
  // Opened when the first picture has to be read.
  let stream: ReturnType<typeof streamPairs> | undefined;
  // A batch may come upon a picture of the next one.
  const reasons = new Map<string, string>();
  return {
    async compute(first, end) {
      const indices = Array.from(set.pairs.keys());
      stream ??= streamPairs({ set, indices, size, batch: BATCH });
      const tokens = new Int32Array((end - first) * count); // [rows,N]
      const broken: Broken[] = [];
      for (let row = first; row < end; row += BATCH) {
        signal?.throwIfAborted();
        const batch = await stream.at(row / BATCH);
        for (const { name, reason } of batch.broken) reasons.set(name, reason);
        const length = Math.min(BATCH, end - row);
        const pixels = batch.pixels.subarray(0, length * 3 * size * size);
        tokens.set(await tokenizer.encode(pixels), (row - first) * count);
        for (let i = 0; i < length; i++) {
          if (batch.indices[i] === row + i) continue;
          broken.push([row + i, reasons.get(set.pairs[row + i].id)!]);
        }
        onProgress?.(row + length, rows);
      }
      return {
        tensors: [tokenRows(tokens, count)],
        metadata: { broken: JSON.stringify(broken) },
      };
    },
    close: () => stream?.close(),
  };
}
