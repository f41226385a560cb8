/**
 * The Vendi score (Friedman and Dieng, "The Vendi Score: A Diversity Evaluation
 * Metric for Machine Learning", 2023): how many different samples a set has in
 * effect. n for samples that have nothing in common, 1 for n times the same.
 */

import type { ThreadOptions } from "../../lib/run/session.ts";
import { symmetricEigenvalues } from "./eigenvalues.ts";
import { checkFeatures, type Features, normalized } from "./features.ts";
import { zeros } from "./matrix.ts";

/**
 * The score by the cosine of features: the exponential of the entropy of the
 * eigenvalues of the cosines' matrix, divided by n. The matrix F×F of the
 * features has the same eigenvalues and is taken where it is smaller.
 *
 * @throws RangeError for features that are not whole, finite numbers, for none,
 * and for a row of zeros
 */
export async function vendiScore(
  features: Features,
  threads: ThreadOptions = {},
): Promise<number> {
  checkFeatures(features, "features for the Vendi score");
  const { count, width } = features;
  if (count === 0) throw new RangeError("Cannot tell the diversity of nothing");
  const { data } = normalized(features);
  const size = Math.min(count, width);
  // Of rows or of columns, whichever are fewer.
  const [step, along] = size === count ? [width, 1] : [1, width];
  const length = size === count ? width : count;
  const products = zeros(size, size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < length; k++) {
        sum += data[i * step + k * along] * data[j * step + k * along];
      }
      products.data[i * size + j] = products.data[j * size + i] = sum / count;
    }
  }
  const values = await symmetricEigenvalues(products, threads);
  const entropy = values.filter((value) => value > 0)
    .reduce((sum, value) => sum - value * Math.log(value), 0);
  return Math.exp(entropy);
}
