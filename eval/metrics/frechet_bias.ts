/** How much of a Fréchet distance is only due to too few samples. */

import type { ThreadOptions } from "../../lib/run/session.ts";
import { symmetricEigenvalues } from "./eigenvalues.ts";
import type { Matrix } from "./matrix.ts";

/**
 * What the distance of a normal distribution to `count` samples of itself is on
 * average, to first order in 1/count: it says nothing of the samples.
 *
 * The mean gives tr Σ / n. An error E of the covariance moves the distance by
 * Σᵢⱼ Eᵢⱼ² / (2 (λᵢ + λⱼ)) (Bhatia, Jain and Lim, "On the Bures-Wasserstein
 * distance", 2019), and of n samples Eᵢⱼ² is (1 + δᵢⱼ) λᵢ λⱼ / n.
 */
export async function frechetBias(
  covariance: Matrix,
  count: number,
  threads: ThreadOptions = {},
): Promise<number> {
  const values = (await symmetricEigenvalues(covariance, threads))
    .filter((x) => x > 0);
  let ofMean = 0;
  let ofCovariance = 0;
  for (const a of values) {
    ofMean += a;
    ofCovariance += a / 4; // i = j a second time
    for (const b of values) ofCovariance += a * b / (2 * (a + b));
  }
  return (ofMean + ofCovariance) / count;
}
