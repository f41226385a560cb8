/** Training of a super-resolution transformer as a stage of the loop. */

import { tokenCount } from "../muse/config.ts";
import type { SuperresConfig } from "../muse/superres_config.ts";
import { createRng } from "../run/random.ts";
import type { Weights } from "../run/weights.ts";
import type { SuperresRun } from "./config.ts";
import type { StageTraining } from "./config_form.ts";
import { corruptTokens } from "./corrupt.ts";
import type { Stage } from "./loop.ts";
import {
  maskedStage,
  type TokenBatch,
  type TokenSource,
} from "./masked_stage.ts";
import { superresGraph } from "./superres.ts";
import { croppedConfig, cropTokens, type TokenCrops } from "./token_crops.ts";

/** How to train a super-resolution transformer. */
export type SuperresTraining = StageTraining<SuperresRun>;

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
  const { seed, lowCorruption, crops } = training;
  const seen = crops ? croppedConfig(config, crops) : config;
  const batch = training.batch * (crops?.perPicture ?? 1);
  const network = {
    count: tokenCount(seen),
    codes: seen.codes,
    graph: (size: number, labelSmoothing: number) =>
      superresGraph(seen, size, labelSmoothing),
    more({ low }: SuperresBatch, step?: number) {
      if (step === undefined) return { low };
      const rng = createRng("corrupt", seed, step);
      return { low: corruptTokens(low, batch, near, lowCorruption, rng) };
    },
  };
  const samples = crops ? croppedSource(source, config, crops, seed) : source;
  return maskedStage(network, { ...training, batch }, samples, draw);
}

/** Squares of a source's pictures, in places that follow from its numbers. */
function croppedSource(
  { at, shown }: TokenSource<SuperresBatch>,
  config: SuperresConfig,
  crops: TokenCrops,
  seed: number,
): TokenSource<SuperresBatch> {
  const crop = (pairs: SuperresBatch, of: number | "shown") =>
    cropTokens(pairs, config, crops, createRng("crops", seed, of));
  return {
    at: async (position) => crop(await at(position), position),
    ...(shown && { shown: async () => crop(await shown(), "shown") }),
  };
}
