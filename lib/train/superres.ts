/** What the training of a super-resolution transformer minimizes. */

import { input, select } from "../graph/ops.ts";
import {
  fedCondition,
  superresLogits,
  superresPositions,
} from "../muse/superres.ts";
import type { SuperresConfig } from "../muse/superres_config.ts";
import { type MaskedGraph, maskedLoss } from "./masked_loss.ts";
import { partsOf } from "./parts.ts";

/**
 * Predicts masked high-resolution tokens (paper, section 2.4). Inputs:
 * `tokens` [B,M] int32, `mask` [B,M] bool, true where one is hidden, `low`
 * [B,N] int32, `textStates` [B,T,E], `textMask` [B,T] and `textFactor` [B], 0
 * where the text is dropped.
 */
export function superresGraph(
  config: SuperresConfig,
  batch: number,
  labelSmoothing: number,
): MaskedGraph {
  const { grid, codes } = config;
  const count = grid[0] * grid[1];
  const parts = partsOf(batch, count);
  const samples = batch / parts;
  const tokens = input("tokens", [samples, count], "int32");
  const mask = input("mask", [samples, count], "bool");
  const positions = superresPositions(config);
  const condition = fedCondition(config, positions, samples);
  const seen = select(mask, codes, tokens);
  const logits = superresLogits(config, positions, seen, condition);
  return maskedLoss(logits, tokens, mask, labelSmoothing, parts);
}
