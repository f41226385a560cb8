/** Training of a base transformer as a stage of the loop. */

import { type BaseConfig, tokenCount } from "../muse/config.ts";
import type { Weights } from "../run/weights.ts";
import { baseGraph } from "./base.ts";
import type { Stage } from "./loop.ts";
import {
  type MaskedNetwork,
  maskedStage,
  type MaskedTraining,
  type TokenBatch,
  type TokenSource,
} from "./masked_stage.ts";

/** A base transformer, as what predicts masked tokens. */
export function baseNetwork(config: BaseConfig): MaskedNetwork<TokenBatch> {
  return {
    count: tokenCount(config),
    codes: config.codes,
    graph: (batch, labelSmoothing) => baseGraph(config, batch, labelSmoothing),
    more: () => ({}),
  };
}

/** Builds the stage; `draw` makes a picture of what the averages can do. */
export function baseStage(
  config: BaseConfig,
  training: MaskedTraining,
  source: TokenSource,
  draw: (averages: Weights, path: string) => Promise<void>,
): Promise<Stage> {
  return maskedStage(baseNetwork(config), training, source, draw);
}
