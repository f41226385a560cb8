/**
 * The Fréchet distance of infinitely many samples (Chong and Forsyth,
 * "Effectively Unbiased FID and Inception Score", arXiv 1911.07023): distances
 * of ever larger subsets lie on a line over 1/count, which is followed to zero.
 */

import type { ThreadOptions } from "../../lib/run/session.ts";
import { createRng } from "../../lib/run/random.ts";
import { type Features, pickRows } from "./features.ts";
import { distanceOfFactored, factorGaussian } from "./frechet.ts";
import { type Gaussian, gaussianOf, momentsOf } from "./moments.ts";

/** How a program chooses the sizes of subsets. */
export interface InfinityConvention {
  /** The smallest subset of so many samples. */
  readonly smallest: (count: number) => number;
}

/** Programs that follow the distance to infinity. */
export type InfinityProgram = "FID_IS_infinity" | "dgm-eval";

/** By the paper's own program, and by dgm-eval, which takes fewer samples too. */
export const INFINITY_CONVENTIONS: Readonly<
  Record<InfinityProgram, InfinityConvention>
> = {
  "FID_IS_infinity": { smallest: () => 5000 },
  "dgm-eval": {
    smallest: (count) => Math.min(5000, Math.max(Math.floor(count / 10), 2)),
  },
};

/** Subsets that the line is laid through. */
const POINTS = 15;

/** Draws a subset of `size` out of `count` samples. */
export type DrawSubset = (count: number, size: number) => ArrayLike<number>;

/** What may be chosen. */
export interface InfinityOptions extends ThreadOptions {
  /**
   * Draws the subsets. The reference programs have no seed; by default a
   * generator of our own with a fixed one.
   */
  readonly draw?: DrawSubset;
  /** Of other subsets than those that it draws by default. */
  readonly seed?: number;
}

/** A line through distances. */
export interface FrechetInfinity {
  /** The distance at 1/count = 0. */
  readonly value: number;
  /** What each sample less adds: distance = value + slope / count. */
  readonly slope: number;
  /** The distances that it is laid through. */
  readonly points: readonly {
    readonly count: number;
    readonly distance: number;
  }[];
}

/**
 * Follows the distance from generated samples to infinitely many.
 *
 * @throws RangeError for fewer samples than the convention allows
 */
export async function frechetInfinity(
  generated: Features,
  reference: Gaussian,
  { smallest }: InfinityConvention,
  options: InfinityOptions = {},
): Promise<FrechetInfinity> {
  const { seed, draw = drawer(seed) } = options;
  const { count } = generated;
  const least = smallest(count);
  if (count <= least) {
    throw new RangeError(
      `Cannot follow distances of subsets: found ${count} samples, wanted ` +
        `more than ${least}`,
    );
  }
  const truth = await factorGaussian(reference, "the reference", options);
  const points = [];
  for (let i = 0; i < POINTS; i++) {
    const size = Math.floor(least + i * (count - least) / (POINTS - 1));
    const subset = pickRows(generated, draw(count, size));
    const gaussian = gaussianOf(await momentsOf(subset, options));
    const drawn = await factorGaussian(gaussian, "a subset", options);
    const distance = await distanceOfFactored(drawn, truth, options);
    points.push({ count: size, distance });
  }
  const { intercept, slope } = fitLine(
    points.map(({ count }) => 1 / count),
    points.map(({ distance }) => distance),
  );
  return { value: intercept, slope, points };
}

function drawer(seed: number | undefined): DrawSubset {
  const rng = createRng(
    "frechet infinity",
    ...seed === undefined ? [] : [seed],
  );
  return (count, size) =>
    rng.shuffle(Array.from({ length: count }, (_, i) => i)).slice(0, size);
}

/** By least squares. */
function fitLine(
  x: readonly number[],
  y: readonly number[],
): { intercept: number; slope: number } {
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [atX, atY] = [mean(x), mean(y)];
  const slope = mean(x.map((value, i) => (value - atX) * (y[i] - atY))) /
    mean(x.map((value) => (value - atX) ** 2));
  return { intercept: atY - slope * atX, slope };
}
