/** A super-resolution transformer so small that tests run it at once. */

import type { Node } from "../graph/node.ts";
import { input } from "../graph/ops.ts";
import { type MemoryWeights, randomWeights } from "../run/random_weights.ts";
import {
  superresLogits,
  superresMemory,
  superresPositions,
} from "./superres.ts";
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

/**
 * The whole network: inputs `low` [B,N], `states` [B,T,E], `textMask` [B,T],
 * `textFactor` [B] and `ids` [B,M] -> logits [B,M,K].
 */
export function superresNetwork(config: SuperresConfig): Node {
  const { lowGrid, grid, textLength, textWidth } = config;
  const positions = superresPositions(config);
  const low = input("low", ["1B", lowGrid[0] * lowGrid[1]], "int32");
  const states = input("states", ["1B", textLength, textWidth]);
  const ids = input("ids", ["1B", grid[0] * grid[1]], "int32");
  return superresLogits(config, positions, ids, {
    memory: superresMemory(config, positions, low, states),
    textMask: input("textMask", ["1B", textLength]),
    textFactor: input("textFactor", ["1B"]),
  });
}

/** Random weights for every parameter, the same at every call. */
export function randomSuperres(
  config: SuperresConfig = TINY_SUPERRES,
  deviation = 1,
): MemoryWeights {
  return randomWeights("tiny superres", [superresNetwork(config)], deviation);
}
