/** What the training of a base transformer minimizes. */

import type { Node } from "../graph/node.ts";
import {
  add,
  cast,
  constant,
  div,
  gather,
  input,
  logSoftmax,
  maximum,
  mean,
  mul,
  neg,
  reshape,
  select,
  sum,
} from "../graph/ops.ts";
import { type BaseConfig, maskId, tokenCount } from "../muse/config.ts";
import { baseLogits, textMemory } from "../muse/transformer.ts";
import { partsOf, sumOverParts } from "./parts.ts";

/** A training graph. */
export interface BaseGraph {
  readonly loss: Node;
  /** `crossEntropy`, without label smoothing. */
  readonly outputs: Readonly<Record<string, Node>>;
}

/**
 * Predicts masked tokens (paper, section 2.3). Inputs: `tokens` [B,N] int32,
 * `mask` [B,N] bool, true where a token is hidden, `textStates` [B,T,E],
 * `textMask` [B,T] and `textFactor` [B], 0 where the text is dropped.
 */
export function baseGraph(
  config: BaseConfig,
  batch: number,
  labelSmoothing: number,
): BaseGraph {
  const count = tokenCount(config);
  const parts = partsOf(batch, count);
  const samples = batch / parts;
  const tokens = input("tokens", [samples, count], "int32");
  const mask = input("mask", [samples, count], "bool");
  const states = input("textStates", [
    samples,
    config.textLength,
    config.textWidth,
  ]);
  const text = {
    memory: textMemory(config, states),
    mask: input("textMask", [samples, config.textLength]),
    factor: input("textFactor", [samples]),
  };
  const seen = select(mask, maskId(config), tokens);
  const logits = baseLogits(config, seen, text);
  const { crossEntropy, smooth } = maskedCrossEntropy(
    logits,
    tokens,
    cast(mask, "float32"),
    parts,
  );
  const loss = labelSmoothing > 0
    ? add(
      mul(crossEntropy, 1 - labelSmoothing),
      mul(smooth, labelSmoothing),
    )
    : crossEntropy;
  return { loss, outputs: { crossEntropy } };
}

/**
 * Mean over the masked positions of -log p(token), and of the same averaged
 * over all codes, for logits [B,N,K], tokens [B,N] and weights [B,N].
 *
 * @param parts how many times these samples the batch has, whose mean it is
 */
export function maskedCrossEntropy(
  logits: Node,
  tokens: Node,
  weights: Node,
  parts = 1,
): { readonly crossEntropy: Node; readonly smooth: Node } {
  const codes = logits.shape.at(-1) as number;
  const logs = reshape(logSoftmax(logits), [-1, codes]); // [B*N,K]
  const count = logs.shape[0] as number;
  const starts = Int32Array.from({ length: count }, (_, i) => i * codes);
  const places = add(reshape(tokens, [-1]), constant(starts)); // [B*N]
  const flat = reshape(weights, [-1]); // [B*N]
  const weighted = (values: Node) => sum(mul(values, flat));
  const sums = sumOverParts({
    chosen: weighted(gather(reshape(logs, [-1]), places)),
    all: weighted(mean(logs, [-1])),
    count: sum(flat),
  }, parts);
  const average = (x: Node) => neg(div(x, maximum(sums.count, 1)));
  return { crossEntropy: average(sums.chosen), smooth: average(sums.all) };
}
