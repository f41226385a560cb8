/** Training of a super-resolution transformer as a stage of the loop. */

import type { SuperresConfig } from "../muse/superres_config.ts";
import { createRng } from "../run/random.ts";
import type { Weights } from "../run/weights.ts";
import { averagedWeights } from "./averages.ts";
import {
  type BaseTraining,
  hideTokens,
  type TokenBatch,
  validateMasked,
} from "./base_stage.ts";
import { corruptTokens } from "./corrupt.ts";
import type { Stage } from "./loop.ts";
import type { TrainState } from "./state.ts";
import { createTrainStep, trainsAll } from "./step.ts";
import { superresGraph } from "./superres.ts";

/** How to train a super-resolution transformer. */
export interface SuperresTraining extends BaseTraining {
  /** The largest share of a picture's low-resolution tokens made wrong. */
  readonly lowCorruption: number;
}

/** Pairs with the tokens of each picture at both sizes. */
export interface SuperresBatch extends TokenBatch {
  /** Of the small picture, [B,N]. */
  readonly low: Int32Array;
}

/** Batches by number. */
export interface SuperresSource {
  at(position: number): Promise<SuperresBatch>;
  /** Pairs that are never trained on, if any. */
  shown?(): Promise<SuperresBatch>;
}

/**
 * Builds the stage.
 *
 * @param near the codes nearest to each low-resolution code, for
 * corruptTokens()
 * @param draw makes a picture of what the averages can do
 */
export async function superresStage(
  config: SuperresConfig,
  training: SuperresTraining,
  source: SuperresSource,
  near: Int32Array,
  draw: (averages: Weights, path: string) => Promise<void>,
): Promise<Stage> {
  const { batch, seed, lowCorruption } = training;
  const graph = superresGraph(config, batch, training.labelSmoothing);
  const step = await createTrainStep({
    losses: [{ value: graph.loss, trains: trainsAll }],
    outputs: graph.outputs,
    optimizer: training.optimizer,
    averaging: training.averaging,
  });
  return {
    parameters: step.parameters,
    stepAt: () => Promise.resolve(step),
    async feeds(number) {
      const { low, ...pairs } = await source.at(number);
      const rng = createRng("corrupt", seed, number);
      return {
        ...hideTokens(pairs, training, number),
        low: corruptTokens(low, batch, near, lowCorruption, rng),
      };
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
        const { low, ...pairs } = await source.shown!();
        const [height, width] = config.grid;
        const samples = pairs.tokens.length / (height * width);
        const told = { ...training, batch: samples, textDropout: 0 };
        return await validateMasked(
          superresGraph(config, samples, 0),
          averagedWeights(step.parameters, state),
          { ...hideTokens(pairs, told, 0), low },
        );
      },
    }),
    sample: (state, path) =>
      draw(averagedWeights(step.parameters, state), path),
    close: () => step.release(),
  };
}
