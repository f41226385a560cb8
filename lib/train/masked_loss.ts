/** What the prediction of masked tokens minimizes. */

import type { Node } from "../graph/node.ts";
import {
  add,
  cast,
  constant,
  div,
  gather,
  logSoftmax,
  maximum,
  mean,
  mul,
  neg,
  reshape,
  sum,
} from "../graph/ops.ts";
import { sumOverParts } from "./parts.ts";

/** A training graph. */
export interface MaskedGraph {
  readonly loss: Node;
  /** `crossEntropy`, without label smoothing. */
  readonly outputs: Readonly<Record<"crossEntropy", Node>>;
}

/**
 * The loss of logits [B,N,K] for tokens [B,N] where a mask [B,N] is true.
 *
 * @param labelSmoothing share of the target that goes to all codes alike
 * @param parts as for {@linkcode maskedCrossEntropy}
 */
export function maskedLoss(
  logits: Node,
  tokens: Node,
  mask: Node,
  labelSmoothing: number,
  parts: number,
): MaskedGraph {
  const weights = cast(mask, "float32");
  const { crossEntropy, smooth } = maskedCrossEntropy(
    logits,
    tokens,
    weights,
    parts,
  );
  const loss = labelSmoothing > 0
    ? add(mul(crossEntropy, 1 - labelSmoothing), mul(smooth, labelSmoothing))
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
