/**
 * Hiding again what a decode found, so that later steps may find better:
 * ReMDM (arXiv 2503.00307), on steps that keep to the counts of a schedule.
 * Tokens that were given at the start are never hidden.
 */

import { createRng, type Rng } from "../run/random.ts";
import { gumbel, keepHighest } from "./choose.ts";

/** Which found tokens a step hides again. */
export type Remask =
  /**
   * A share of them, each equally likely: ReMDM-cap, whose σ is the rate, or
   * less where the schedule leaves fewer tokens masked (section 4.1).
   */
  | { readonly kind: "cap"; readonly rate: number }
  /**
   * As many, but rather those in which the network was less confident when it
   * found them: weights exp(-p) as in ReMDM-conf. There they share out a chance
   * of 1 over all tokens, which would hide less than one token a step.
   */
  | { readonly kind: "confidence"; readonly rate: number };

/** Name of a way to hide again. */
export type RemaskName = Remask["kind"];

/** Names of all ways to hide again. */
export const REMASK_NAMES: readonly RemaskName[] = ["cap", "confidence"];

type Scores = Readonly<
  Record<RemaskName, (confidence: Float32Array, rng: Rng) => Float64Array>
>;

/** The highest are hidden; Gumbel noise draws by weights, without return. */
const SCORES: Scores = {
  cap: (confidence, rng) => Float64Array.from(confidence, () => rng.uniform()),
  confidence: (confidence, rng) =>
    Float64Array.from(confidence, (p) => gumbel(rng.uniform()) - p),
};

/** What is hidden of one picture. */
export interface Remasked {
  /** How many, before the network is asked. */
  readonly count: number;
  /** 1 where a found token is hidden again, [N]. */
  choose(confidence: Float32Array): Uint8Array;
}

/**
 * Decides how much one picture hides in a step: the rate's share of the found
 * tokens, rounded up or down by chance so that its mean is right.
 *
 * @param found 1 where a token was found by the decode, [N]
 * @param left how many tokens the schedule leaves masked after the step
 * @param seed the picture's
 */
export function remaskOf(
  remask: Remask,
  found: Uint8Array,
  left: number,
  seed: number,
  step: number,
): Remasked {
  const rng = createRng("remask", seed, step);
  const all = found.reduce((sum, bit) => sum + bit, 0);
  const share = Math.floor(remask.rate * all + rng.uniform());
  const count = Math.min(share, all, left);
  return {
    count,
    choose: (confidence) =>
      keepHighest(found, SCORES[remask.kind](confidence, rng), count),
  };
}
