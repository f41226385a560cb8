/** What a base transformer finds easy and what hard, by how much is hidden. */

import type { BaseModel } from "../lib/muse/model.ts";
import type { TokenSource } from "../lib/train/masked_stage.ts";
import { openLikelihood } from "./caption_likelihood.ts";

/** What is asked. */
export interface LossAtRates {
  /** Shares of the tokens to hide, one after the other, above 0 and up to 1. */
  readonly rates: readonly number[];
  /** Batches of the source, from the first. */
  readonly batches: number;
  /**
   * Whether the captions go unheard, as where training drops the text; no by
   * default.
   */
  readonly unconditional?: boolean;
}

/**
 * The mean cross-entropy of hidden tokens at each of the rates, in nats. Which
 * tokens are hidden depends on the place of a sample and the rate alone, so
 * that models answer the same questions, however they were trained.
 */
export async function lossAtRates(
  { config, weights }: Pick<BaseModel, "config" | "weights">,
  source: Pick<TokenSource, "at">,
  { rates, batches, unconditional = false }: LossAtRates,
): Promise<number[]> {
  const likelihood = await openLikelihood(config, weights);
  try {
    const sums = rates.map(() => 0);
    let samples = 0;
    for (let position = 0; position < batches; position++) {
      const { tokens, states, textMask } = await source.at(position);
      const count = textMask.length / config.textLength;
      const keys = Array.from({ length: count }, (_, i) => samples + i);
      samples += count;
      for (const [i, rate] of rates.entries()) {
        const text = { states, mask: textMask, unconditional };
        const logs = await likelihood.rate(tokens, text, keys, [rate]);
        for (const log of logs) sums[i] -= log;
      }
    }
    return sums.map((sum) => sum / samples);
  } finally {
    await likelihood.release();
  }
}
