/** A base transformer so small that tests run it at once. */

import { input } from "../graph/ops.ts";
import { type MemoryWeights, randomWeights } from "../run/random_weights.ts";
import { type BaseConfig, tokenCount } from "./config.ts";
import { baseLogits, textMemory } from "./transformer.ts";

/** Its sizes. */
export const TINY: BaseConfig = {
  textWidth: 12,
  textLength: 3,
  width: 16,
  layers: 2,
  heads: 2,
  hidden: 24,
  codes: 16,
  grid: [2, 3],
};

/** Random weights for every parameter, the same at every call. */
export function randomBase(
  config: BaseConfig = TINY,
  deviation = 1,
): MemoryWeights {
  const { textLength, textWidth } = config;
  const states = input("states", ["1B", textLength, textWidth]);
  const tokens = input("tokens", ["1B", tokenCount(config)], "int32");
  const logits = baseLogits(config, tokens, {
    memory: textMemory(config, states),
    mask: input("mask", ["1B", textLength]),
    factor: input("factor", ["1B"]),
  });
  return randomWeights("tiny base", [logits], deviation);
}
