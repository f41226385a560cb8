/** The Fréchet distance of Gaussians: FID's last stage. */

import type { ThreadOptions } from "../../lib/run/session.ts";
import { factor } from "./cholesky.ts";
import { symmetricEigenvalues } from "./eigenvalues.ts";
import { type Matrix, trace } from "./matrix.ts";
import type { Gaussian } from "./moments.ts";
import { withProgram } from "./native.ts";

/**
 * The squared Fréchet distance |μ₁ - μ₂|² + tr(Σ₁ + Σ₂ - 2 (Σ₁Σ₂)^½), which is
 * FID for Inception's features.
 *
 * With Σ = fᵀf, the trace of the root is the sum of the singular values of
 * f₁f₂ᵀ: real numbers, for fewer samples than dimensions too. Nothing is added
 * to the covariances.
 *
 * @throws RangeError for statistics of different or no width, and of a
 * covariance that is none
 */
export async function frechetDistance(
  a: Gaussian,
  b: Gaussian,
  threads: ThreadOptions = {},
): Promise<number> {
  const first = await factorGaussian(a, "the first statistics", threads);
  const second = await factorGaussian(b, "the second statistics", threads);
  return await distanceOfFactored(first, second, threads);
}

/** A Gaussian with what its distances to any others need. */
export interface FactoredGaussian {
  /** Itself. */
  readonly gaussian: Gaussian;
  /** f / size, with fᵀ f the covariance. */
  readonly factor: Matrix;
  /** So that no square is too large or too small for a number. */
  readonly size: number;
}

/**
 * Prepares a Gaussian.
 *
 * @param what the statistics, for errors
 * @throws RangeError for what is none
 */
export async function factorGaussian(
  gaussian: Gaussian,
  what: string,
  threads: ThreadOptions = {},
): Promise<FactoredGaussian> {
  checkGaussian(gaussian, what);
  const { rows, columns, data } = await factor(gaussian.covariance, threads);
  let size = 0;
  for (const x of data) size = Math.max(size, Math.abs(x));
  const scaled = data.map((x) => x / size);
  return { gaussian, factor: { rows, columns, data: scaled }, size };
}

/** The squared Fréchet distance, as {@linkcode frechetDistance}. */
export async function distanceOfFactored(
  { gaussian: a, ...first }: FactoredGaussian,
  { gaussian: b, ...second }: FactoredGaussian,
  threads: ThreadOptions = {},
): Promise<number> {
  const width = a.mean.length;
  if (width !== b.mean.length) {
    throw new RangeError(
      `Cannot compare statistics: found means of ${width} and ` +
        `${b.mean.length} numbers, wanted features of one network`,
    );
  }
  let means = 0;
  for (let i = 0; i < width; i++) means += (a.mean[i] - b.mean[i]) ** 2;
  const root = first.size * second.size *
    await sumOfSingularValues(first.factor, second.factor, threads);
  return means + trace(a.covariance) + trace(b.covariance) - 2 * root;
}

/** Of a bᵀ. */
async function sumOfSingularValues(
  a: Matrix,
  b: Matrix,
  threads: ThreadOptions,
): Promise<number> {
  const [few, many] = a.rows <= b.rows ? [a, b] : [b, a];
  if (few.rows === 0) return 0; // one of the two has no variance
  const squares = await withProgram("rowProducts", threads, async (run) => {
    const product = await run({ a: few, b: many });
    return await run({ a: product, b: product });
  });
  const values = await symmetricEigenvalues(squares, threads);
  // Rounding makes zeros a little negative.
  return values.reduce((sum, x) => sum + Math.sqrt(Math.max(0, x)), 0);
}

/** How far from symmetric a covariance may be, for its largest variance. */
const ASYMMETRY = 1e-6;

/**
 * Checks that statistics are some.
 *
 * @throws RangeError for numbers that are not finite, a covariance of another
 * size than the mean, or that is not symmetric, or has a negative variance
 */
export function checkGaussian(
  { mean, covariance: { rows, columns, data } }: Gaussian,
  what: string,
): void {
  const refuse = (found: string): never => {
    throw new RangeError(
      `Cannot use ${what}: ${found}; wanted a mean and its covariance`,
    );
  };
  const size = mean.length;
  if (size < 1 || rows !== size || columns !== size) {
    refuse(`found a mean of ${size} and a matrix of ${rows}x${columns}`);
  }
  const finite = mean.every(Number.isFinite) && data.every(Number.isFinite);
  if (!finite) refuse("found numbers that are not finite");
  let largest = 0;
  for (let i = 0; i < size; i++) {
    const variance = data[i * size + i];
    if (variance < 0) refuse(`found the variance ${variance} at ${i}`);
    largest = Math.max(largest, variance);
  }
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) {
      const [low, high] = [data[i * size + j], data[j * size + i]];
      if (Math.abs(low - high) > ASYMMETRY * largest) {
        refuse(`found ${low} and ${high} on either side of the diagonal`);
      }
    }
  }
}
