/** How the toy stages of tests are trained. */

import { TRANSFORMER_ADAMW } from "./adamw.ts";
import type { MaskedTraining } from "./masked_stage.ts";

/** Of stages that learn from pictures. */
export const TOY_OPTIMIZER = {
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-8,
  weightDecay: 1e-4,
  clipNorm: 1,
} as const;

/** Of transformers. */
export const TOY_MASKED: MaskedTraining = {
  seed: 3,
  batch: 4,
  averaging: 0.9,
  optimizer: TRANSFORMER_ADAMW,
  labelSmoothing: 0.05,
  textDropout: 0.1,
};
