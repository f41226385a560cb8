/** A VQGAN so small that tests run it at once. */

import { type MemoryWeights, randomWeights } from "../run/random_weights.ts";
import type { VqganConfig } from "./config.ts";
import { bothDirections } from "./model.ts";

/** Its sizes: 4 x 4 tokens of 4 pixels a side. */
export const TINY_VQGAN: VqganConfig = {
  imageSize: 16,
  stem: 2,
  channels: [4, 8],
  encoderBlocks: 1,
  decoderBlocks: 1,
  middleBlocks: 1,
  groups: 2,
  codeWidth: 4,
  codes: 6,
  normalizeCodes: true,
};

/** Random weights of both directions, the same at every call. */
export function randomVqgan(config: VqganConfig = TINY_VQGAN): MemoryWeights {
  return randomWeights("tiny vqgan", bothDirections(config), 0.3);
}
