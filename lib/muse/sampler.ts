/**
 * Samplers: which of the tokens just predicted a step keeps. Each scores the
 * positions of a picture, and the unknown ones with the highest scores are
 * kept. So known tokens are respected by all of them.
 */

import { createRng, type Rng } from "../run/random.ts";
import { logarithms, noisyScores } from "./choose.ts";
import { haltonOrder } from "./halton.ts";
import { checkKind } from "./known_options.ts";

/** The order in which positions are kept. */
export type Sampler =
  /** The most confident first, with noise (Muse, section 2.8). */
  | { readonly kind: "confidence" }
  /** In any order, each equally likely. */
  | { readonly kind: "random" }
  /**
   * Far from each other: by Halton's sequence, from a place in it that depends
   * on the picture's seed (Halton-MaskGIT, arXiv 2503.17076).
   */
  | { readonly kind: "halton" }
  /**
   * By Halton's sequence in the share `explore` of the steps, from 0 to 1, and
   * then by confidence: first exploring, then exploiting what is known (after
   * arXiv 2510.04525).
   */
  | { readonly kind: "hybrid"; readonly explore: number };

/** Name of a sampler. */
export type SamplerName = Sampler["kind"];

/** Names of all samplers. */
export const SAMPLER_NAMES: readonly SamplerName[] = [
  "confidence",
  "random",
  "halton",
  "hybrid",
];

/** What a sampler may look at: one picture in one step. */
export interface Scored {
  /** Probability of the predicted tokens, [N]. */
  readonly confidence: Float32Array;
  /** What positions are ranked by in its place, [N], if there is that. */
  readonly scores?: Float32Array;
  /** Temperature of the noise on the confidence. */
  readonly choiceTemperature: number;
  /** Tokens down and across, if known. */
  readonly grid: readonly [number, number] | undefined;
  /** The picture's seed. */
  readonly seed: number;
  /** Number of the step, counted from 0, and of all steps. */
  readonly step: number;
  readonly steps: number;
  /** The step's own stream. */
  readonly rng: Rng;
}

type Scores = {
  readonly [K in SamplerName]: (
    sampler: Extract<Sampler, { kind: K }>,
    scored: Scored,
  ) => Float64Array;
};

const SCORES: Scores = {
  confidence: (_, { confidence, scores, choiceTemperature, rng }) =>
    noisyScores(scores ?? logarithms(confidence), choiceTemperature, rng),
  random: (_, { confidence, rng }) =>
    Float64Array.from(confidence, () => rng.uniform()),
  halton: (_, { grid, seed, confidence }) =>
    haltonScores(grid, seed, confidence.length),
  hybrid: ({ explore }, scored) =>
    scored.step < explore * scored.steps
      ? SCORES.halton({ kind: "halton" }, scored)
      : SCORES.confidence({ kind: "confidence" }, scored),
};

/**
 * Scores of all positions of a picture, [N]; the higher, the sooner kept.
 * @throws RangeError if the order needs a grid and there is none
 */
export function samplerScores(sampler: Sampler, scored: Scored): Float64Array {
  return SCORES[sampler.kind](sampler as never, scored);
}

/**
 * What is wrong with a sampler, if anything is.
 * @throws RangeError for a kind that there is not
 */
export function samplerFault(
  sampler: Sampler,
): { readonly found: string; readonly wanted: string } | undefined {
  checkKind("sampler", sampler, SAMPLER_NAMES, '{ kind: "halton" }');
  if (sampler.kind !== "hybrid") return undefined;
  const { explore } = sampler;
  if (explore >= 0 && explore <= 1) return undefined;
  return {
    found: `share ${explore} of steps that explore`,
    wanted: "a number from 0 to 1",
  };
}

function haltonScores(
  grid: Scored["grid"],
  seed: number,
  length: number,
): Float64Array {
  if (!grid) {
    throw new RangeError(
      `Cannot order positions by Halton's sequence: found pictures of ` +
        `${length} tokens, which are no square, wanted the rows and columns; ` +
        `start the decode with a grid`,
    );
  }
  const order = haltonOrder(grid);
  const first = createRng("halton", seed).integer(length);
  const scores = new Float64Array(length);
  order.forEach((position, place) => {
    scores[position] = -((place - first + length) % length);
  });
  return scores;
}
