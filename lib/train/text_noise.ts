/**
 * Noise on the states of texts. A frozen encoder puts words that mean the same
 * near each other, but no caption says what to draw of a state between two that
 * captions hold: a transformer that only ever sees those answers it with
 * anything. With noise it has to read a state by what lies near.
 */

import type { Rng } from "../run/random.ts";
import type { TokenBatch } from "./masked_stage.ts";

/**
 * States [B,T,E] of which each has the difference of two others of the batch
 * added, which spreads the noise as states themselves are spread. Times the
 * square of what is drawn evenly for each sample, up to `most`: at 1 the noise
 * is as large as what sets states apart, and half of the samples have a quarter
 * of that or less. What fills texts up stays.
 */
export function noisyStates(
  { states, textMask }: Pick<TokenBatch, "states" | "textMask">,
  batch: number,
  most: number,
  rng: Rng,
): Float32Array {
  const length = textMask.length / batch;
  const width = states.length / textMask.length;
  const told = [...textMask.keys()].filter((i) => textMask[i] > 0);
  const noisy = states.slice();
  for (let sample = 0; sample < batch; sample++) {
    // A difference of two has twice the variance of one.
    const scale = most * rng.uniform() ** 2 / Math.SQRT2;
    for (let i = sample * length; i < (sample + 1) * length; i++) {
      if (textMask[i] === 0) continue;
      const plus = rng.pick(told) * width;
      const minus = rng.pick(told) * width;
      for (let e = 0; e < width; e++) {
        noisy[i * width + e] += scale * (states[plus + e] - states[minus + e]);
      }
    }
  }
  return noisy;
}
