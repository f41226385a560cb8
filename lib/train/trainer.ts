/**
 * Training of a base transformer in memory, a batch at a time: for small models
 * that are compared while one looks on. Runs that are kept, with checkpoints
 * and a log, are the loop's (`loop.ts`).
 */

import { BASE_FORM, type BaseConfig } from "../muse/config.ts";
import { mergeOptions, type OptionNames } from "../muse/known_options.ts";
import { type BaseModel, createBaseModel } from "../muse/model.ts";
import { checkNetwork } from "../run/network_form.ts";
import { createRng } from "../run/random.ts";
import type { ThreadOptions } from "../run/session.ts";
import type { Weights } from "../run/weights.ts";
import { TRANSFORMER_ADAMW } from "./adamw.ts";
import { averagedWeights } from "./averages.ts";
import { baseNetwork } from "./base_stage.ts";
import { checkFinite } from "./finite.ts";
import { learningRateAt } from "./learning_rate.ts";
import {
  hideTokens,
  maskedNumbers,
  maskedStep,
  type MaskedTraining,
  type TokenBatch,
} from "./masked_stage.ts";
import { createTrainState } from "./state.ts";

/** How to train in memory. */
export interface TrainerOptions
  extends Partial<Omit<MaskedTraining, "batch">>, ThreadOptions {
  /** Samples in a batch. */
  readonly batch: number;
  /** After a linear warm-up, it stays: averaged weights make up for a decay. */
  readonly learningRate?: number;
  /** Steps of the warm-up. */
  readonly warmupSteps?: number;
}

/** What a small model is trained with unless told otherwise. */
export const TRAINER_DEFAULTS = {
  seed: 0,
  averaging: 0.95,
  labelSmoothing: 0,
  textDropout: 0.1,
  learningRate: 0.004,
  warmupSteps: 20,
  optimizer: { ...TRANSFORMER_ADAMW, muon: { momentum: 0.95 } },
} as const satisfies Omit<TrainerOptions, "batch">;

/** The options, with what they are unless told otherwise. */
type TrainerSettings =
  & TrainerOptions
  & Required<Pick<TrainerOptions, keyof typeof TRAINER_DEFAULTS>>;

const NAMES: OptionNames<TrainerOptions> = {
  seed: true,
  batch: true,
  averaging: true,
  optimizer: true,
  labelSmoothing: true,
  textDropout: true,
  textNoise: true,
  maskRates: true,
  learningRate: true,
  warmupSteps: true,
  threads: true,
  device: true,
};

/** A base transformer that learns. */
export interface BaseTrainer {
  /** Numbers that are learned. */
  readonly parameters: number;
  /**
   * Learns from one batch; which tokens are hidden depends on the seed and the
   * number of the batch alone.
   *
   * @returns the mean cross-entropy of the hidden tokens before, in nats
   * @throws RangeError if the tokens don't fill the batch or one is no code;
   * Error if that or a gradient is not finite: training is over
   */
  learn(batch: TokenBatch): Promise<number>;
  /** The network as it is now, by averaged weights; it learns no more. */
  model(): BaseModel;
  /** Frees the native memory; models that were taken stay. */
  release(): Promise<void>;
}

/**
 * Starts from random weights, which depend on the seed alone.
 *
 * ```ts
 * import { openBaseTrainer } from "muselab";
 *
 * const trainer = await openBaseTrainer({
 *   textWidth: 384,
 *   textLength: 32,
 *   width: 128,
 *   layers: 4,
 *   heads: 4,
 *   hidden: 512,
 *   codes: 4096,
 *   grid: [8, 8],
 * }, { batch: 16, maskRates: "linear" });
 * ```
 *
 * @throws RangeError for a name that no option has, and for sizes that no
 * network can have
 */
export async function openBaseTrainer(
  config: BaseConfig,
  options: TrainerOptions,
): Promise<BaseTrainer> {
  checkNetwork(BASE_FORM, "train a base transformer", config);
  const { batch } = options;
  const training = mergeOptions<TrainerSettings>(
    "train",
    NAMES,
    { ...TRAINER_DEFAULTS, batch },
    options,
  );
  const { seed, warmupSteps, threads, device } = training;
  const run = { threads, device };
  const network = baseNetwork(config);
  const step = await maskedStep(network, training, run);
  const state = createTrainState(step.parameters, createRng("trainer", seed));
  const rates = {
    peak: training.learningRate,
    warmupSteps,
    totalSteps: Infinity,
    floor: 1,
  };
  let count = 0;
  for (const { length } of state.values.values()) count += length;
  return {
    parameters: count,
    async learn(pairs) {
      const feeds = hideTokens(network, pairs, training, state.step);
      const rate = learningRateAt(rates, state.step);
      const numbers = maskedNumbers(await step.run(state, feeds, rate));
      const next = "open another trainer with a lower learning rate";
      checkFinite(numbers, state.step, next);
      return numbers.crossEntropy;
    },
    model: () => createBaseModel(config, copied(step.parameters, state), run),
    release: () => step.release(),
  };
}

/** The averages as they are now. */
function copied(...args: Parameters<typeof averagedWeights>): Weights {
  return new Map(
    [...averagedWeights(...args)].map(([name, weight]) => [
      name,
      weight.kind === "memory"
        ? { ...weight, data: weight.data.slice() }
        : weight,
    ]),
  );
}
