/** Multi-head attention. */

import type { Node } from "../graph/node.ts";
import { add, matmul, mul, reshape, softmax, transpose } from "../graph/ops.ts";

/** [B,N,D] -> [B,heads,N,D/heads]. */
export function splitHeads(x: Node, heads: number): Node {
  const [batch, length, width] = x.shape;
  const size = (width as number) / heads;
  return transpose(reshape(x, [batch, length, heads, size]), [0, 2, 1, 3]);
}

/** [B,heads,N,D/heads] -> [B,N,D]. */
export function joinHeads(x: Node): Node {
  const [batch, heads, length, size] = x.shape;
  const width = (heads as number) * (size as number);
  return reshape(transpose(x, [0, 2, 1, 3]), [batch, length, width]);
}

/**
 * How much each of N reads of each of M: softmax(q k' / sqrt(d) + bias) over
 * heads, q [B,h,N,d], k [B,h,M,d] -> [B,h,N,M]. `bias` broadcasts to that;
 * minus infinity (or a large negative number) hides a position.
 */
export function attentionMap(q: Node, k: Node, bias?: Node): Node {
  const size = q.shape.at(-1) as number;
  const scaled = mul(q, 1 / Math.sqrt(size));
  const scores = matmul(scaled, k, { transposeB: true }); // [B,h,N,M]
  return softmax(bias ? add(scores, bias) : scores);
}

/** What is read by that map of v [B,h,M,d] -> [B,h,N,d]. */
export function attend(q: Node, k: Node, v: Node, bias?: Node): Node {
  return matmul(attentionMap(q, k, bias), v); // [B,h,N,d]
}

/** Turns a mask [B,M] of ones and zeros into a bias [B,1,1,M]. */
export function maskBias(mask: Node): Node {
  const [batch, length] = mask.shape;
  const bias = add(mul(mask, 1e9), -1e9);
  return reshape(bias, [batch, 1, 1, length]);
}
