/** What the training of a base transformer minimizes. */

import { input, select } from "../graph/ops.ts";
import { type BaseConfig, maskId, tokenCount } from "../muse/config.ts";
import { baseLogits, fedText } from "../muse/transformer.ts";
import { type MaskedGraph, maskedLoss } from "./masked_loss.ts";
import { partsOf } from "./parts.ts";

/**
 * Predicts masked tokens (paper, section 2.3). Inputs: `tokens` [B,N] int32,
 * `mask` [B,N] bool, true where a token is hidden, `textStates` [B,T,E],
 * `textMask` [B,T] and `textFactor` [B], 0 where the text is dropped.
 */
export function baseGraph(
  config: BaseConfig,
  batch: number,
  labelSmoothing: number,
): MaskedGraph {
  const count = tokenCount(config);
  const parts = partsOf(batch, count);
  const samples = batch / parts;
  const tokens = input("tokens", [samples, count], "int32");
  const mask = input("mask", [samples, count], "bool");
  const text = fedText(config, samples);
  const seen = select(mask, maskId(config), tokens);
  const logits = baseLogits(config, seen, text);
  return maskedLoss(logits, tokens, mask, labelSmoothing, parts);
}
