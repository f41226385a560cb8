/** The states of a set's captions, computed once and kept as float16. */

import { f16ToF32, f32ToF16 } from "../../lib/run/half.ts";
import { encodeText, type PromptEncoder } from "../../lib/text/encode.ts";
import { type CaptionedSet, captionsHash } from "../pairs/pair.ts";
import {
  type Contents,
  openShards,
  type PassOptions,
  readRows,
  SHARD_ROWS,
} from "./shards.ts";

/** The states of one caption. */
export interface CachedText {
  /** [T,E]; zeros where they only fill up. */
  readonly states: Float32Array;
  /** [T] */
  readonly mask: Float32Array;
}

/** The states of a set's captions. */
export interface TextCache {
  /** T. */
  readonly length: number;
  /** E. */
  readonly width: number;
  /** Those of a pair's caption, by its number among the pair's. */
  read(index: number, caption: number): Promise<CachedText>;
  /** Shards that had to be computed. */
  readonly computed: number;
}

/** Captions encoded at once. */
const BATCH = 32;
/** Changes when states of the same caption would come out different. */
const VERSION = 1;

/**
 * Opens the states of all captions.
 *
 * @param weights SHA-256 of the text encoder's files
 */
export async function openTextCache(
  set: CaptionedSet,
  encoder: PromptEncoder,
  weights: string,
  options: PassOptions = {},
): Promise<TextCache> {
  const { length, width } = encoder;
  const captions = set.pairs.flatMap((pair) => pair.captions);
  const starts = new Uint32Array(set.pairs.length);
  for (let i = 1; i < starts.length; i++) {
    starts[i] = starts[i - 1] + set.pairs[i - 1].captions.length;
  }
  const key = {
    version: VERSION,
    captions: captionsHash(set),
    weights,
    length,
  };
  const { headers, computed } = await openShards({
    kind: "texts",
    key,
    rows: captions.length,
    compute: encoding(captions, encoder, options),
  }, options);
  return {
    length,
    width,
    computed,
    async read(index, caption) {
      const row = starts[index] + caption;
      const header = headers[Math.floor(row / SHARD_ROWS)];
      const bounds = await readRows(header, "bounds", row % SHARD_ROWS, 2);
      const [begin, end] = new Int32Array(bounds);
      const bytes = await readRows(header, "states", begin, end - begin);
      const states = new Float32Array(length * width);
      states.set(f16ToF32(new Uint16Array(bytes)));
      const mask = new Float32Array(length).fill(1, 0, end - begin);
      return { states, mask };
    },
  };
}

/** Encodes captions, those of a shard at a time; what fills up is left out. */
function encoding(
  captions: readonly string[],
  encoder: PromptEncoder,
  { signal, onProgress }: PassOptions,
): Contents["compute"] {
  const { length, width } = encoder;
  return async (first, end) => {
    const texts: Uint16Array[] = [];
    // Where each caption's states begin; the last is the end.
    const bounds = new Int32Array(end - first + 1);
    for (let row = first; row < end; row += BATCH) {
      signal?.throwIfAborted();
      const some = captions.slice(row, Math.min(end, row + BATCH));
      const { states, mask } = await encodeText(encoder, some);
      some.forEach((_, i) => {
        const shown = mask.subarray(i * length, (i + 1) * length)
          .reduce((sum, one) => sum + one, 0);
        const from = i * length * width;
        texts.push(f32ToF16(states.subarray(from, from + shown * width)));
        const at = row - first + i;
        bounds[at + 1] = bounds[at] + shown;
      });
      onProgress?.(row + some.length, captions.length);
    }
    const total = bounds[end - first];
    const data = new Uint16Array(total * width);
    texts.forEach((text, i) => data.set(text, bounds[i] * width));
    return {
      tensors: [
        { name: "states", dtype: "F16", shape: [total, width], data },
        { name: "bounds", dtype: "I32", shape: [bounds.length], data: bounds },
      ],
      metadata: {},
    };
  };
}
