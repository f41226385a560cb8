/** Training of a base transformer as a stage of the loop. */

import type { Values } from "../graph/op.ts";
import { type BaseConfig, tokenCount } from "../muse/config.ts";
import { countMasked, randomMask } from "../muse/mask.ts";
import { maskRateAt, type MaskRates, PAPER_RATES } from "../muse/mask_rates.ts";
import { createRng } from "../run/random.ts";
import { createSession, type ThreadOptions } from "../run/session.ts";
import type { Weights } from "../run/weights.ts";
import { averagedWeights } from "./averages.ts";
import { type BaseGraph, baseGraph } from "./base.ts";
import type { Stage } from "./loop.ts";
import type { TrainState } from "./state.ts";
import {
  createTrainStep,
  type OptimizerOptions,
  trainsAll,
  type TrainStep,
} from "./step.ts";

/** How to train a base transformer. */
export interface BaseTraining {
  /** Which tokens are hidden, and of what weights it starts. */
  readonly seed: number;
  /** Samples in a batch. */
  readonly batch: number;
  /** Weight of the old average in the averaged weights. */
  readonly averaging: number;
  /** How parameters are updated. */
  readonly optimizer: OptimizerOptions;
  /** Share of the target that goes to all codes alike. */
  readonly labelSmoothing: number;
  /** Share of the samples whose text is dropped (paper, section 2.7: 0.1). */
  readonly textDropout: number;
  /** How much of each sample is hidden; the paper's by default. */
  readonly maskRates?: MaskRates;
}

/** Pairs ready for the transformer. */
export interface TokenBatch {
  /** Of the pictures, [B,N]. */
  readonly tokens: Int32Array;
  /** Of the captions, [B,T,E]. */
  readonly states: Float32Array;
  /** 1 where a state belongs to the text, else 0, [B,T]. */
  readonly textMask: Float32Array;
}

/** Batches by number. */
export interface TokenSource {
  /** The batch at a place: a pure function of that. */
  at(position: number): Promise<TokenBatch>;
  /** Pairs that are never trained on, if any. */
  shown?(): Promise<TokenBatch>;
}

/** Builds the stage; `draw` makes a picture of what the averages can do. */
export async function baseStage(
  config: BaseConfig,
  training: BaseTraining,
  source: TokenSource,
  draw: (averages: Weights, path: string) => Promise<void>,
): Promise<Stage> {
  const step = await baseStep(config, training);
  return {
    parameters: step.parameters,
    stepAt: () => Promise.resolve(step),
    async feeds(number) {
      return hideTokens(await source.at(number), training, number);
    },
    observe(_, results) {
      return {
        loss: results.loss.data[0],
        crossEntropy: results.crossEntropy.data[0],
        gradientNorm: results.gradientNorm.data[0],
      };
    },
    extra: () => new Map(),
    ...(source.shown && {
      async validate(state: TrainState) {
        const pairs = await source.shown!();
        const samples = pairs.tokens.length / tokenCount(config);
        // The same tokens are hidden each time.
        const told = { ...training, batch: samples, textDropout: 0 };
        return await validateMasked(
          baseGraph(config, samples, 0),
          averagedWeights(step.parameters, state),
          hideTokens(pairs, told, 0),
        );
      },
    }),
    sample: (state, path) =>
      draw(averagedWeights(step.parameters, state), path),
    close: () => step.release(),
  };
}

/** One update of a base transformer by a batch. */
export function baseStep(
  config: BaseConfig,
  { batch, labelSmoothing, optimizer, averaging }: BaseTraining,
  options: ThreadOptions = {},
): Promise<TrainStep> {
  const { loss, outputs } = baseGraph(config, batch, labelSmoothing);
  return createTrainStep({
    losses: [{ value: loss, trains: trainsAll }],
    outputs,
    optimizer,
    averaging,
  }, options);
}

/** The cross-entropy of hidden tokens, by weights that stay as they are. */
export async function validateMasked(
  { outputs: { crossEntropy } }: BaseGraph,
  weights: Weights,
  feeds: Readonly<Record<string, Values>>,
): Promise<Record<string, number>> {
  const session = await createSession({ crossEntropy }, weights);
  try {
    const found = await session.run(feeds);
    return { validationCrossEntropy: found.crossEntropy.data[0] };
  } finally {
    await session.release();
  }
}

/**
 * What a step is fed: some of the tokens hidden and some texts dropped, by the
 * number of the step (paper, sections 2.6 and 2.7).
 */
export function hideTokens(
  { tokens, states, textMask }: TokenBatch,
  { seed, batch, textDropout, maskRates = PAPER_RATES }: BaseTraining,
  number: number,
): Record<string, Values> {
  const rng = createRng("mask", seed, number);
  const mask = new Uint8Array(tokens.length);
  const textFactor = new Float32Array(batch);
  const count = tokens.length / batch;
  for (let i = 0; i < batch; i++) {
    // One rate from each part of their distribution: every batch holds easy
    // and hard samples, which takes noise out of its gradient.
    const rate = maskRateAt(maskRates, (i + rng.uniform()) / batch);
    const masked = countMasked(rate, count);
    mask.set(randomMask(count, masked, rng), i * count);
    textFactor[i] = rng.uniform() < textDropout ? 0 : 1;
  }
  return { tokens, mask, textStates: states, textMask, textFactor };
}
