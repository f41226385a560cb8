/** Batches of pictures and captions of a set, in an order that is resumed. */

import { writePlanar } from "../../lib/image/picture.ts";
import type { LeftOut } from "../files/place.ts";
import { createOrder, type OrderOptions } from "./order.ts";
import type { PairSet } from "./pair.ts";
import { readSquare } from "./square.ts";

/** What to load. */
export interface PairLoaderOptions extends OrderOptions {
  /** The set that the indices are of. */
  readonly set: PairSet;
  /** Side of the pictures in pixels. */
  readonly size: number;
  /** Pictures in a batch. */
  readonly batch: number;
}

/** Pictures with one caption each. */
export interface PairBatch {
  /** [B,3,H,W] in -1..1 */
  readonly pixels: Float32Array;
  /** One of each pair's, drawn by the seed. */
  readonly captions: readonly string[];
  /** The number of each one's pair in the set. */
  readonly indices: readonly number[];
  /** Pictures that could not be read and were replaced by those after them. */
  readonly broken: readonly LeftOut[];
}

/** A source of batches by position. */
export interface PairLoader {
  /** A pure function of the options, the files and the position. */
  at(position: number): Promise<PairBatch>;
}

/** Pictures that are decoded at once: large ones take much memory. */
const AT_ONCE = 4;

/** A loader over some of a set's pairs. */
export function createPairLoader(options: PairLoaderOptions): PairLoader {
  const { set, size, batch } = options;
  const order = createOrder(options);
  const broken = new Map<number, LeftOut>();
  const plane = 3 * size * size;

  /** Fills one sample of a batch; returns the pair it came from. */
  async function fill(sample: number, out: Float32Array): Promise<number> {
    for (const index of order.candidates(sample)) {
      if (broken.has(index)) continue;
      const pair = set.pairs[index];
      try {
        writePlanar(await readSquare(pair, size, order.cut(sample)), out);
        return index;
      } catch (error) {
        const reason = (error as Error).message;
        broken.set(index, { name: pair.id, reason });
      }
    }
    const [first] = broken.values();
    throw new Error(
      `Cannot load pictures of ${set.name}: none can be read; ${first.reason}`,
    );
  }

  return {
    async at(position) {
      const pixels = new Float32Array(batch * plane); // [B,3,H,W]
      const known = new Set(broken.keys());
      const indices: number[] = [];
      for (let begin = 0; begin < batch; begin += AT_ONCE) {
        const places = Array.from(
          { length: Math.min(AT_ONCE, batch - begin) },
          (_, i) => begin + i,
        );
        indices.push(
          ...await Promise.all(places.map((i) =>
            fill(
              position * batch + i,
              pixels.subarray(i * plane, (i + 1) * plane),
            )
          )),
        );
      }
      return {
        pixels,
        indices,
        captions: indices.map((index, i) => {
          const chosen = order.caption(position * batch + i, set, index);
          return set.pairs[index].captions[chosen];
        }),
        broken: [...broken].filter(([index]) => !known.has(index))
          .map(([, left]) => left),
      };
    },
  };
}
