/** Shapes of a network's parameters, by name. */

import { leaves } from "../graph/node.ts";
import { baseGraph } from "./base.ts";
import type { BaseRun, StageName, TokenizerRun } from "./config.ts";
import { tokenizerGraph } from "./tokenizer.ts";

/** Parameters of the network a configuration describes. */
export function networkShapes(
  stage: StageName,
  config: TokenizerRun | BaseRun,
): Map<string, readonly number[]> {
  const values = stage === "tokenizer"
    ? tokenizerGraph(
      (config as TokenizerRun).network,
      (config as TokenizerRun).training.losses,
      1,
    ).losses.map(({ value }) => value)
    : [baseGraph((config as BaseRun).network, 1, 0).loss];
  return new Map(
    leaves(values, "parameter").map(({ op, shape }) => [
      op.name,
      shape as number[],
    ]),
  );
}
