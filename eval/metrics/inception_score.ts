/**
 * Inception score (Salimans et al., arXiv 1606.03498): the exponential of how
 * far each sample's classes are from those of all, as Kullback and Leibler
 * count it.
 */

import { checkFeatures, type Features } from "./features.ts";
import {
  type DrawPermutation,
  numpyPermutations,
  torchPermutations,
} from "./permutation.ts";
import { type Spread, spreadOf } from "./spread.ts";

/** From one sample up to another. */
export type Range = readonly [start: number, end: number];

/** How a program computes the score. */
export interface InceptionScoreConvention {
  /** The parts that samples are split into. */
  readonly split: (count: number) => readonly Range[];
  /** What shuffles samples before; nothing, if it is not there. */
  readonly draws?: (seed: number) => DrawPermutation;
  /** The seed of the shuffle, unless another is asked for. */
  readonly seed: number;
  /** Degrees of freedom that the deviation loses. */
  readonly lost: 0 | 1;
}

/** Parts; as many samples are wanted. */
export const SPLITS = 10;

/** Parts of almost equal size; all samples are in one. */
function evenly(count: number): Range[] {
  const bound = (i: number) => Math.floor(i * count / SPLITS);
  return Array.from({ length: SPLITS }, (_, i) => [bound(i), bound(i + 1)]);
}

/** Parts of one size, the last of what is left. */
function inPieces(size: number, count: number): Range[] {
  return Array.from(
    { length: Math.ceil(count / size) },
    (_, i) => [i * size, Math.min(count, (i + 1) * size)],
  );
}

/** Programs that compute the score. */
export type InceptionScoreProgram =
  | "torch-fidelity"
  | "torchmetrics"
  | "stylegan3"
  | "guided-diffusion"
  | "dgm-eval";

/** The score by the programs whose figures are published. */
export const INCEPTION_SCORE_CONVENTIONS: Readonly<
  Record<InceptionScoreProgram, InceptionScoreConvention>
> = {
  "torch-fidelity": {
    split: evenly,
    draws: numpyPermutations,
    seed: 2020,
    lost: 0,
  },
  "torchmetrics": {
    split: (count) => inPieces(Math.ceil(count / SPLITS), count), // chunk()
    draws: torchPermutations,
    seed: 0,
    lost: 1,
  },
  "stylegan3": { split: evenly, seed: 0, lost: 0 },
  "guided-diffusion": {
    split: (count) => inPieces(5000, count),
    seed: 0,
    lost: 0,
  },
  "dgm-eval": {
    split(count) {
      const size = Math.floor(count / SPLITS); // what is left is dropped
      return inPieces(size, size * SPLITS);
    },
    draws: numpyPermutations,
    seed: 2020,
    lost: 0,
  },
};

/**
 * The score of samples by their logits: its mean over parts, and their
 * deviation. Inception's logits are taken without the last layer's bias.
 *
 * @throws RangeError for logits that are not finite or fewer samples than parts
 */
export function inceptionScore(
  logits: Features,
  convention: InceptionScoreConvention,
  seed: number = convention.seed,
): Spread {
  checkFeatures(logits, "logits");
  const { count } = logits;
  if (count < SPLITS) {
    throw new RangeError(
      `Cannot split ${count} samples into ${SPLITS} parts; more are wanted`,
    );
  }
  const order = convention.draws?.(seed)(count) ??
    Uint32Array.from({ length: count }, (_, i) => i);
  const scores = convention.split(count).map(([start, end]) =>
    scoreOf(logits, order.subarray(start, end))
  );
  return spreadOf(scores, convention.lost);
}

function scoreOf({ width, data }: Features, part: Uint32Array): number {
  const mean = new Float64Array(width);
  let entropy = 0; // of each sample's classes, below zero, summed
  for (const sample of part) {
    const row = data.subarray(sample * width, (sample + 1) * width);
    let largest = -Infinity;
    for (const x of row) largest = Math.max(largest, x);
    let sum = 0;
    for (const x of row) sum += Math.exp(x - largest);
    const shift = largest + Math.log(sum);
    for (let j = 0; j < width; j++) {
      const logP = row[j] - shift;
      const p = Math.exp(logP);
      mean[j] += p / part.length;
      entropy += p * logP;
    }
  }
  // Σ p log p̄ over samples is the count times Σ p̄ log p̄.
  const ofMean = mean.reduce(
    (sum, p) => p > 0 ? sum + p * Math.log(p) : sum,
    0,
  );
  return Math.exp(entropy / part.length - ofMean);
}
