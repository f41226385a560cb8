/** A figure that is the mean of several. */

import type { Figure } from "../measure.ts";

/** A mean, and how far apart what it is of lies. */
export interface Spread extends Figure {
  /** Standard deviation of the single values. */
  readonly deviation: number;
}

/**
 * Mean and standard deviation.
 *
 * @param lost degrees of freedom: 0 as `np.std`, 1 as `torch.std`
 */
export function spreadOf(values: readonly number[], lost: 0 | 1): Spread {
  const value = values.reduce((sum, x) => sum + x, 0) / values.length;
  const squares = values.reduce((sum, x) => sum + (x - value) ** 2, 0);
  return { value, deviation: Math.sqrt(squares / (values.length - lost)) };
}
