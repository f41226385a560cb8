/**
 * A fixed number of emoji scenes as transformers learn them, computed once: for
 * short trainings, which would spend their time on drawing otherwise.
 */

import { createHash } from "node:crypto";
import type { PromptEncoder } from "../../lib/text/encode.ts";
import type { TokenBatch } from "../../lib/train/masked_stage.ts";
import { gridOf } from "../../lib/vqgan/config.ts";
import type { Tokenizer } from "../../lib/vqgan/model.ts";
import { captionedScene } from "../emoji/captioned.ts";
import { createEmojiLoader } from "../emoji/loader.ts";
import type { Split } from "../emoji/sample.ts";
import type { Scene } from "../emoji/scene.ts";
import {
  type Contents,
  openShards,
  type PassOptions,
  readRows,
  SHARD_ROWS,
  type Shards,
  tokenRows,
} from "./shards.ts";
import { openTextCache } from "./texts.ts";

/** Which scenes, and what encodes them. */
export interface CachedScenesOptions extends PassOptions {
  /** Training scenes, balanced validation scenes, or held-out ones. */
  readonly split: Split;
  /** How many, from the first. */
  readonly scenes: number;
  /** Side of the pictures in pixels; the tokenizer's own by default. */
  readonly size?: number;
  /** Scenes in a batch. */
  readonly batch: number;
}

/** Scenes as tokens and text states. */
export interface CachedScenes {
  /** Of the tokens, down and across. */
  readonly grid: readonly [number, number];
  /** The captions, in order. */
  readonly captions: readonly string[];
  /** Shards of either cache that had to be computed. */
  readonly computed: number;
  /** The batch at that place; after the last scene comes the first again. */
  at(position: number): Promise<TokenBatch>;
}

/** Pictures encoded at once; divides a shard. */
const BATCH = 16;
/** Changes when tokens of the same scene would come out different. */
const VERSION = 1;

/**
 * Opens scenes of a split, with the captions that `createEmojiLoader()` gives
 * them.
 *
 * @param model its parts, and the hash of its weights, on which the cache
 * depends
 * @throws RangeError for a size that whole tokens don't fill
 */
export async function cachedScenes(
  { tokenizer, encoder, hash }: {
    readonly tokenizer: Pick<Tokenizer, "config" | "encode">;
    readonly encoder: PromptEncoder;
    readonly hash: string;
  },
  options: CachedScenesOptions,
): Promise<CachedScenes> {
  const { split, batch, cache, signal } = options;
  const { size = tokenizer.config.imageSize } = options;
  const grid = gridOf(tokenizer.config, [size, size]);
  const count = grid[0] * grid[1];
  const captioned = Array.from(
    { length: options.scenes },
    (_, i) => captionedScene(split, i),
  );
  const scenes = captioned.map(({ scene }) => scene);
  const captions = captioned.map(({ caption }) => caption);
  const texts = await openTextCache(
    { pairs: captions.map((caption) => ({ captions: [caption] })) },
    encoder,
    hash,
    { cache, signal },
  );
  const shards = await openTokens({ tokenizer, hash }, scenes, {
    ...options,
    size,
  });
  const tokens = await readTokens(shards, scenes.length, count);

  return {
    grid,
    captions,
    computed: shards.computed + texts.computed,
    async at(position) {
      const { length: T, width: E } = texts;
      const states = new Float32Array(batch * T * E);
      const textMask = new Float32Array(batch * T);
      const ids = new Int32Array(batch * count);
      for (let i = 0; i < batch; i++) {
        const row = (position * batch + i) % scenes.length;
        const text = await texts.read(row, 0);
        states.set(text.states, i * T * E);
        textMask.set(text.mask, i * T);
        ids.set(tokens.subarray(row * count, (row + 1) * count), i * count);
      }
      return { tokens: ids, states, textMask };
    },
  };
}

/** What makes tokens of pictures. */
interface Coder {
  readonly tokenizer: Pick<Tokenizer, "config" | "encode">;
  /** Of the model's weights. */
  readonly hash: string;
}

/** With the size that was found. */
type SizedOptions = CachedScenesOptions & { readonly size: number };

/** The shards of the scenes' tokens. */
async function openTokens(
  { tokenizer, hash }: Coder,
  scenes: readonly Scene[],
  options: SizedOptions,
): Promise<Shards> {
  const { size, cache, signal } = options;
  const drawn = createHash("sha256").update(JSON.stringify(scenes));
  return await openShards({
    kind: "scenes",
    key: {
      version: VERSION,
      scenes: drawn.digest("hex"),
      weights: hash,
      size,
    },
    rows: scenes.length,
    compute: encoding(tokenizer, options),
  }, { cache, signal });
}

/** Draws scenes and encodes them, those of a shard at a time. */
function encoding(
  tokenizer: Coder["tokenizer"],
  { split, scenes, size, signal, onProgress }: SizedOptions,
): Contents["compute"] {
  const [height, width] = gridOf(tokenizer.config, [size, size]);
  const count = height * width;
  // Opened when the first scene has to be drawn.
  let loader: ReturnType<typeof createEmojiLoader> | undefined;
  return async (first, end) => {
    loader ??= createEmojiLoader({ split, size, batch: BATCH });
    const { at } = await loader;
    const tokens = new Int32Array((end - first) * count); // [rows,N]
    for (let row = first; row < end; row += BATCH) {
      signal?.throwIfAborted();
      const length = Math.min(BATCH, end - row);
      const pixels = at(row / BATCH).pixels
        .subarray(0, length * 3 * size * size);
      const ids = await tokenizer.encode(pixels, [size, size]);
      tokens.set(ids, (row - first) * count);
      onProgress?.(row + length, scenes);
    }
    return { tensors: [tokenRows(tokens, count)], metadata: {} };
  };
}

/** All tokens [rows,N] of a cache, in memory. */
async function readTokens(
  { headers }: Shards,
  rows: number,
  count: number,
): Promise<Int32Array> {
  const tokens = new Int32Array(rows * count);
  for (const [i, header] of headers.entries()) {
    const first = i * SHARD_ROWS;
    const length = Math.min(SHARD_ROWS, rows - first);
    const bytes = await readRows(header, "tokens", 0, length);
    tokens.set(new Int32Array(bytes), first * count);
  }
  return tokens;
}
