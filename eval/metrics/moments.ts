/** Mean and covariance of features, in fp64, that can be merged. */

import type { ThreadOptions } from "../../lib/run/session.ts";
import {
  checkFeatures,
  type Features,
  sliceRows,
  toMatrix,
} from "./features.ts";
import { type Matrix, zeros } from "./matrix.ts";
import { withProgram } from "./native.ts";

/** Samples that go into one product. */
const BLOCK = 1024;

/** What is known of samples without keeping them. */
export interface Moments {
  /** Number of samples. */
  readonly count: number;
  /** Their mean. */
  readonly mean: Float64Array;
  /** Sum of the products of their deviations from the mean. */
  readonly scatter: Matrix;
}

/** A mean and a covariance: what a Fréchet distance compares. */
export interface Gaussian {
  /** The mean. */
  readonly mean: Float64Array;
  /** The covariance, symmetric. */
  readonly covariance: Matrix;
  /** Samples that it is from, where that is known. */
  readonly count?: number;
}

/**
 * The moments of features.
 *
 * @throws RangeError for features that are not whole, finite numbers
 */
export async function momentsOf(
  features: Features,
  threads: ThreadOptions = {},
): Promise<Moments> {
  checkFeatures(features, "features for statistics");
  const { count, width } = features;
  const mean = meanOfRows(features);
  let scatter = zeros(width, width);
  await withProgram("addSquare", threads, async (addSquare) => {
    for (let start = 0; start < count; start += BLOCK) {
      const block = toMatrix(sliceRows(features, start, start + BLOCK));
      const x = {
        ...block,
        data: block.data.map((value, i) => value - mean[i % width]),
      };
      scatter = await addSquare({ x, s: scatter });
    }
  });
  return { count, mean, scatter };
}

function meanOfRows({ count, width, data }: Features): Float64Array {
  const sum = new Float64Array(width);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < width; j++) sum[j] += data[i * width + j];
  }
  return sum.map((value) => value / count);
}

/**
 * The moments of all samples together (Chan, Golub and LeVeque, "Updating
 * Formulae and a Pairwise Algorithm for Computing Sample Variances", 1979).
 *
 * @throws RangeError for features of different widths
 */
export function mergeMoments(a: Moments, b: Moments): Moments {
  const width = a.mean.length;
  if (b.mean.length !== width) {
    throw new RangeError(
      `Cannot merge statistics: found features of ${width} and ` +
        `${b.mean.length} numbers, wanted those of one network`,
    );
  }
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  const count = a.count + b.count;
  const shift = a.mean.map((value, i) => b.mean[i] - value);
  const mean = a.mean.map((value, i) => value + shift[i] * b.count / count);
  const weight = a.count * b.count / count;
  const data = new Float64Array(width * width);
  for (let i = 0; i < width; i++) {
    const scaled = weight * shift[i];
    for (let j = 0, at = i * width; j < width; j++, at++) {
      data[at] = a.scatter.data[at] + b.scatter.data[at] + scaled * shift[j];
    }
  }
  return { count, mean, scatter: { rows: width, columns: width, data } };
}

/**
 * Mean and covariance of samples.
 *
 * @param lost degrees of freedom: 1 for the covariance of a sample, as in
 * `np.cov`; 0 to divide by the number of samples
 * @throws RangeError for fewer than two samples
 */
export function gaussianOf(
  { count, mean, scatter }: Moments,
  lost: 0 | 1 = 1,
): Gaussian {
  if (count < 2) {
    throw new RangeError(
      `Cannot compute a covariance: found ${count} samples, wanted at least 2`,
    );
  }
  const covariance = {
    ...scatter,
    data: scatter.data.map((value) => value / (count - lost)),
  };
  return { count, mean, covariance };
}

/**
 * Statistics of a file, whose covariance is that of `np.cov`, as every program
 * that writes such files computes it: divided by `count - 1`.
 *
 * @param lost as {@linkcode gaussianOf} takes it; they stay as they are where
 * nobody says how many samples they are of
 */
export function storedGaussian(
  stored: Gaussian,
  lost: 0 | 1,
): Gaussian {
  const { count, covariance } = stored;
  if (lost === 1 || count === undefined) return stored;
  const share = (count - 1) / count;
  const data = covariance.data.map((value) => value * share);
  return { ...stored, covariance: { ...covariance, data } };
}
