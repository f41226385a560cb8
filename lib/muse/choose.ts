/**
 * Which of the tokens just predicted a step keeps: the most confident, with
 * noise that fades out (Muse, section 2.8; MaskGIT, section 3.2).
 */

import type { Rng } from "../run/random.ts";
import { atStep, type PerStep, progressAt } from "./per_step.ts";

/**
 * The noise's temperature. A single number falls in equal increments to 0 in
 * the last step, as the pair of that number and 0 does in aMUSEd's scheduler,
 * where a single number falls to 0.01.
 *
 * @param step number of the step, counted from 0
 * @throws RangeError if a list doesn't have one entry for each step
 */
export function choiceTemperatureAt(
  temperature: PerStep,
  step: number,
  steps: number,
): number {
  return typeof temperature === "number"
    ? temperature * (1 - progressAt(step, steps))
    : atStep("choiceTemperature", temperature, step, steps);
}

/** Logarithms are not taken of anything smaller, as in aMUSEd's scheduler. */
const TINY = 1e-20;

/** The standard Gumbel distribution's value for a uniform u in [0, 1). */
export function gumbel(u: number): number {
  return -Math.log(Math.max(TINY, -Math.log(Math.max(TINY, u))));
}

/** The logarithms of probabilities. */
export function logarithms(confidence: Float32Array): Float64Array {
  return Float64Array.from(confidence, (p) => Math.log(Math.max(TINY, p)));
}

/**
 * How much a sampler by confidence wants to keep each position: its score,
 * mostly log p, + temperature · Gumbel noise.
 *
 * @param scores [N]
 * @param rng advanced by one number a position
 */
export function noisyScores(
  scores: Float32Array | Float64Array,
  temperature: number,
  rng: Rng,
): Float64Array {
  return Float64Array.from(
    scores,
    (score) => score + temperature * gumbel(rng.uniform()),
  );
}

/**
 * Keeps the masked positions of one picture with the highest scores; of equal
 * scores the first.
 *
 * @param mask 1 where a token is unknown, [N]
 * @param scores [N]
 * @param keep number of positions, at most as many as are masked
 * @returns 1 where the prediction is kept, [N]
 */
export function keepHighest(
  mask: Uint8Array,
  scores: Float64Array,
  keep: number,
): Uint8Array {
  const unknown = Array.from(mask.keys()).filter((i) => mask[i] !== 0);
  unknown.sort((a, b) => scores[b] - scores[a] || a - b);
  const chosen = new Uint8Array(mask.length);
  for (const i of unknown.slice(0, keep)) chosen[i] = 1;
  return chosen;
}

/**
 * Keeps the most confident of one picture's masked positions, with noise:
 * {@linkcode keepHighest} of {@linkcode noisyScores}.
 */
export function choosePositions(
  mask: Uint8Array,
  confidence: Float32Array,
  keep: number,
  temperature: number,
  rng: Rng,
): Uint8Array {
  return keepHighest(
    mask,
    noisyScores(logarithms(confidence), temperature, rng),
    keep,
  );
}
