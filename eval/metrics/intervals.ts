/** How sure a figure is. */

import { createRng } from "../../lib/run/random.ts";

/** From a lowest to a highest value. */
export interface Interval {
  /** The lower end. */
  readonly low: number;
  /** The upper end. */
  readonly high: number;
}

/** The normal distribution's quantile for an interval of 95%. */
export const Z = 1.959963984540054;

/**
 * Where a rate lies, with 95% confidence (Wilson, "Probable Inference", 1927):
 * within 0..1, and of use for few trials and for rates near the ends.
 *
 * @throws RangeError for counts that are none
 */
export function wilsonInterval(successes: number, trials: number): Interval {
  const counts = Number.isInteger(successes) && Number.isInteger(trials);
  if (!counts || successes < 0 || successes > trials || trials < 1) {
    throw new RangeError(
      `Cannot compute the rate of ${successes} in ${trials}: wanted whole ` +
        `numbers, and at least one trial`,
    );
  }
  const square = Z * Z;
  const middle = successes + square / 2;
  const reach = Z *
    Math.sqrt(successes * (trials - successes) / trials + square / 4);
  return {
    low: successes === 0 ? 0 : (middle - reach) / (trials + square),
    high: successes === trials ? 1 : (middle + reach) / (trials + square),
  };
}

/** How means are drawn. */
export interface BootstrapOptions {
  /** Of the random numbers. */
  readonly key?: string;
  /** Means that are drawn. */
  readonly resamples?: number;
}

/**
 * Where a mean lies, with 95% confidence, by means of values drawn with
 * replacement (Efron's percentile bootstrap). The same values and key give the
 * same interval.
 *
 * @throws RangeError for no values
 */
export function bootstrapInterval(
  values: ArrayLike<number>,
  { key = "bootstrap", resamples = 2000 }: BootstrapOptions = {},
): Interval {
  const count = values.length;
  if (count === 0) {
    throw new RangeError("Cannot compute the mean of no values");
  }
  const rng = createRng(key);
  const means = Float64Array.from({ length: resamples }, () => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += values[rng.integer(count)];
    return sum / count;
  }).sort();
  return { low: quantile(means, 0.025), high: quantile(means, 0.975) };
}

/** Of rising values, between two of them in proportion. */
function quantile(values: Float64Array, share: number): number {
  const place = share * (values.length - 1);
  const below = Math.floor(place);
  const above = Math.ceil(place);
  return values[below] + (place - below) * (values[above] - values[below]);
}
