/** Training of a super-resolution transformer as a stage of the loop. */

import type { SuperresConfig } from "../muse/superres_config.ts";
import { createRng } from "../run/random.ts";
import type { Weights } from "../run/weights.ts";
import { corruptTokens } from "./corrupt.ts";
import type { Stage } from "./loop.ts";
import {
  maskedStage,
  type MaskedTraining,
  type TokenBatch,
  type TokenSource,
} from "./masked_stage.ts";
import { superresGraph } from "./superres.ts";

/** How to train a super-resolution transformer. */
export interface SuperresTraining extends MaskedTraining {
  /** The largest share of a picture's low-resolution tokens made wrong. */
  readonly lowCorruption: number;
}

/** Pairs with the tokens of each picture at both sizes. */
export interface SuperresBatch extends TokenBatch {
  /** Of the small picture, [B,N]. */
  readonly low: Int32Array;
}

/**
 * Builds the stage.
 *
 * @param near the codes nearest to each low-resolution code, for
 * corruptTokens()
 * @param draw makes a picture of what the averages can do
 */
export function superresStage(
  config: SuperresConfig,
  training: SuperresTraining,
  source: TokenSource<SuperresBatch>,
  near: Int32Array,
  draw: (averages: Weights, path: string) => Promise<void>,
): Promise<Stage> {
  const { batch, seed, lowCorruption } = training;
  const network = {
    count: config.grid[0] * config.grid[1],
    graph: (batch: number, labelSmoothing: number) =>
      superresGraph(config, batch, labelSmoothing),
    more({ low }: SuperresBatch, step?: number) {
      if (step === undefined) return { low };
      const rng = createRng("corrupt", seed, step);
      return { low: corruptTokens(low, batch, near, lowCorruption, rng) };
    },
  };
  return maskedStage(network, training, source, draw);
}
