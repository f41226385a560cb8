/** A base transformer so small that tests run it at once. */

import { type MemoryWeights, randomWeights } from "../run/random_weights.ts";
import type { BaseConfig } from "./config.ts";
import { wholeBase } from "./transformer.ts";

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
  const { logits } = wholeBase(config);
  return randomWeights("tiny base", [logits], deviation);
}
