/** A super-resolution transformer so small that tests run it at once. */

import { type MemoryWeights, randomWeights } from "../run/random_weights.ts";
import { wholeSuperres } from "./superres.ts";
import type { SuperresConfig } from "./superres_config.ts";
import { TINY } from "./tiny_base.ts";

/** Its sizes: it goes on from those of the tiny base. */
export const TINY_SUPERRES: SuperresConfig = {
  textWidth: TINY.textWidth,
  textLength: TINY.textLength,
  width: 16,
  heads: 2,
  hidden: 24,
  lowLayers: 1,
  lowCodes: TINY.codes,
  lowGrid: TINY.grid,
  layers: 2,
  codes: 12,
  grid: [4, 6],
  block: [2, 3],
};

/** Random weights for every parameter, the same at every call. */
export function randomSuperres(
  config: SuperresConfig = TINY_SUPERRES,
  deviation = 1,
): MemoryWeights {
  return randomWeights("tiny superres", [wholeSuperres(config)], deviation);
}
