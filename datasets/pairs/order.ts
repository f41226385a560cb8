/** In what order pairs are seen: a function of a seed and of one number. */

import { createRng } from "../../lib/run/random.ts";
import type { PairSet } from "./pair.ts";
import { CENTRE, type Cut } from "./square.ts";

/** How pairs are gone through. */
export interface OrderOptions {
  /** Numbers of the pairs to go through, again and again. */
  readonly indices: readonly number[];
  /** Of the order, the captions and the cuts; the listed order without. */
  readonly seed?: number;
  /** A square anywhere along the longer side, and not its middle. */
  readonly randomCrop?: boolean;
  /** Half of the pictures mirrored. */
  readonly flip?: boolean;
}

/** The samples of an endless walk by their numbers from 0. */
export interface Order {
  /**
   * The pair of a sample, and those that take its place, one after the other,
   * if it can't be read.
   */
  candidates(sample: number): Iterable<number>;
  /** Which of a pair's captions the sample has. */
  caption(sample: number, set: PairSet, index: number): number;
  /** Which square of its picture. */
  cut(sample: number): Cut;
}

/** Shuffled orders that are kept: a batch may reach into the next epoch. */
const KEPT = 2;

/** The order of some pairs: every epoch has each of them once. */
export function createOrder(
  { indices, seed, randomCrop = false, flip = false }: OrderOptions,
): Order {
  const kept = new Map<number, readonly number[]>();
  function epochOrder(epoch: number): readonly number[] {
    if (seed === undefined) return indices;
    let order = kept.get(epoch);
    if (!order) {
      order = createRng("order", seed, epoch).shuffle(indices);
      kept.set(epoch, order);
      const [oldest] = kept.keys();
      if (kept.size > KEPT) kept.delete(oldest);
    }
    return order;
  }
  return {
    *candidates(sample) {
      const order = epochOrder(Math.floor(sample / indices.length));
      for (let i = 0; i < order.length; i++) {
        yield order[(sample + i) % order.length];
      }
    },
    caption(sample, { pairs }, index) {
      const { length } = pairs[index].captions;
      if (length === 1 || seed === undefined) return 0;
      return createRng("caption", seed, sample).integer(length);
    },
    cut(sample) {
      if (!randomCrop && !flip) return CENTRE;
      const rng = createRng("cut", seed ?? 0, sample);
      const [at, side] = [rng.uniform(), rng.uniform()];
      return {
        at: randomCrop ? at : CENTRE.at,
        flipped: flip && side < 0.5,
      };
    },
  };
}

/**
 * Divides the pairs by chance: a share is kept out for validation, at least
 * one pair, and the others are for training. By the pairs' names and the seed,
 * so that a set with some more pairs is divided much the same.
 *
 * @throws Error if nothing is left for training
 */
export function splitPairs(
  { name, pairs }: PairSet,
  share: number,
  seed: number,
): { readonly training: number[]; readonly validation: number[] } {
  const count = Math.max(1, Math.round(share * pairs.length));
  if (count >= pairs.length) {
    throw new Error(
      `Cannot train on ${name}: of its ${pairs.length} pairs ${count} are ` +
        `kept out for validation; give more of them`,
    );
  }
  const drawn = pairs.map(({ id }, index) => ({
    index,
    value: createRng("validation", seed, id).uniform(),
  }));
  drawn.sort((a, b) => a.value - b.value || a.index - b.index);
  const numbers = (some: typeof drawn) =>
    some.map(({ index }) => index).sort((a, b) => a - b);
  return {
    training: numbers(drawn.slice(count)),
    validation: numbers(drawn.slice(0, count)),
  };
}
