/**
 * Resampling of known tokens, again and again a few at random, as Gibbs
 * sampling does (Muse, section 3.3.2): so a picture drifts to what a prompt
 * says, without a mask and without training.
 */

import { createRng } from "../run/random.ts";
import { oddId } from "../vqgan/model.ts";
import { decodeStep, type Predict } from "./decode.ts";
import { rows, seedsOf, startDecode } from "./decode_state.ts";
import type { Guidance } from "./guidance.ts";
import { applyMask, countMasked, randomMask } from "./mask.ts";
import type { PerStep } from "./per_step.ts";
import { stepNumbers } from "./step_options.ts";

/** How tokens are resampled. */
export interface ResampleOptions {
  /** How often a part of the tokens is resampled. */
  readonly iterations: number;
  /** Share of the tokens that each iteration resamples, above 0 and up to 1. */
  readonly share: number;
  /** Scale of the guidance over the iterations. */
  readonly guidance: Guidance;
  /** Temperature of the tokens' distribution over the iterations. */
  readonly temperature: PerStep;
  /** Draw from the k likeliest codes only; from all by default. */
  readonly topK?: number;
  /** Draw from the fewest likeliest codes of this share of the probability. */
  readonly topP?: number;
}

/** What is resampled. */
export interface ResampleStart {
  /** [B,N], every one a code. */
  readonly tokens: Int32Array;
  /** Tokens N of one picture. */
  readonly length: number;
  /** The id of an unknown token: the number K of codes. */
  readonly maskId: number;
  /** Picture i is that of the seed `seed + i`, or of entry i of a list. */
  readonly seed: number | readonly number[];
}

/** What is known after an iteration. */
export interface ResampleState {
  /** Iterations done. */
  readonly iteration: number;
  /** Iterations in all. */
  readonly iterations: number;
  /** Tokens N of one picture. */
  readonly length: number;
  /** [B,N] */
  readonly tokens: Int32Array;
  /** [B,N], 1 where this iteration drew a token. */
  readonly resampled: Uint8Array;
  /**
   * [B,N], the probability the network gave to each token when it drew it; 1
   * for those of the picture.
   */
  readonly confidence: Float32Array;
  /** Scale of the guidance in this iteration. */
  readonly guidance: number;
  /** What the iteration took. */
  readonly seconds: number;
}

/**
 * Checks the options for all iterations, before the first.
 * @throws RangeError naming the option
 */
export function checkResample(options: ResampleOptions): void {
  const { iterations, share } = options;
  if (!Number.isSafeInteger(iterations) || iterations < 1) {
    throw new RangeError(
      `Cannot resample tokens: found ${iterations} iterations, wanted a ` +
        `whole number of at least 1`,
    );
  }
  if (!(share > 0 && share <= 1)) {
    throw new RangeError(
      `Cannot resample tokens: found the share ${share} of them, wanted a ` +
        `number above 0 and up to 1`,
    );
  }
  for (let i = 0; i < iterations; i++) numbersOf(options, i);
}

/** A step would find an unknown token that no mark says was resampled. */
function checkKnown(tokens: Int32Array, maskId: number): void {
  const odd = oddId(tokens, maskId);
  if (odd === undefined) return;
  throw new RangeError(
    `Cannot resample tokens: found ${odd}, wanted codes from 0 to ` +
      `${maskId - 1}; find the unknown ones by a decode first`,
  );
}

function numbersOf(options: ResampleOptions, iteration: number) {
  const { guidance, temperature, topK, topP, iterations } = options;
  const step = { guidance, temperature, topK, topP, choiceTemperature: 0 };
  return stepNumbers(step, iteration, iterations);
}

/**
 * Resamples tokens, yielding the state after each iteration. What is drawn
 * depends on a picture's seed and the number of the iteration, not on its
 * batch.
 *
 * @throws RangeError for a token that is no code, and for options out of range
 */
export async function* resample(
  { tokens, length, maskId, seed }: ResampleStart,
  predict: Predict,
  options: ResampleOptions,
): AsyncGenerator<ResampleState, void, void> {
  checkResample(options);
  checkKnown(tokens, maskId);
  const { iterations, share, topK, topP } = options;
  const count = countMasked(share, length);
  const seeds = seedsOf(seed, tokens.length / length);
  let known = tokens;
  let confidence: Float32Array = new Float32Array(tokens.length).fill(1);
  for (let i = 0; i < iterations; i++) {
    const { guidance, temperature } = numbersOf(options, i);
    const streams = seeds.map((one) => createRng("resample", one, i));
    const resampled = new Uint8Array(known.length);
    rows(resampled, length).forEach((row, picture) =>
      row.set(randomMask(length, count, streams[picture]))
    );
    // One step of a decode, which draws all that is hidden.
    const start = startDecode({
      tokens: applyMask(known, resampled, maskId),
      length,
      maskId,
      seed: streams.map((stream) => stream.integer(2 ** 31)),
      schedule: "linear",
      steps: 1,
    });
    const drawn = await decodeStep(start, predict, {
      guidance: { kind: "constant", scale: guidance },
      temperature,
      choiceTemperature: 0,
      topK,
      topP,
    });
    known = drawn.tokens;
    confidence = confidence.map((p, at) =>
      resampled[at] ? drawn.confidence[at] : p
    );
    yield {
      iteration: i + 1,
      iterations,
      length,
      tokens: known,
      resampled,
      confidence,
      guidance,
      seconds: drawn.seconds,
    };
  }
}
