/**
 * Distributions of masking rates: how much training hides of each sample. A
 * decode goes through all rates from 1 to 0 as its schedule says, so training
 * may draw them from the same curve, at a progress that is drawn evenly. The
 * cosine's is the paper's (section 2.6), the straight line's is even.
 */

import { maskedFraction, type ScheduleName } from "./schedule.ts";

/** The rates that a schedule passes through, or one rate for all samples. */
export type MaskRates = ScheduleName | { readonly fixed: number };

/** Density 2/π (1 - r²)^(-1/2), the "truncated arccos" of section 2.6. */
export const PAPER_RATES: MaskRates = "cosine";

/**
 * Masking rate of one training sample.
 *
 * ```ts
 * import { createRng, maskRateAt } from "muselab";
 *
 * const rng = createRng("rates");
 * const rates = Array.from({ length: 8 }, () => maskRateAt("cosine", rng.uniform()));
 * ```
 *
 * @param u uniform in [0, 1)
 * @returns a rate in (0, 1]
 * @throws RangeError for a fixed rate outside of that
 */
export function maskRateAt(rates: MaskRates, u: number): number {
  if (typeof rates === "string") return maskedFraction(rates, u);
  const { fixed } = rates;
  if (fixed > 0 && fixed <= 1) return fixed;
  throw new RangeError(
    `Cannot mask at a fixed rate: found ${fixed}, wanted a number above 0 ` +
      `and up to 1`,
  );
}
