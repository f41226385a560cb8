/** Multi-head attention. */

import type { Node } from "../graph/node.ts";
import { add, matmul, mul, reshape, softmax, transpose } from "../graph/ops.ts";
import type { Turn } from "./rotary.ts";

/** [B,N,D] -> [B,heads,N,D/heads], told its places on the way. */
export function splitHeads(x: Node, heads: number, turn?: Turn): Node {
  const [batch, length, width] = x.shape;
  const size = (width as number) / heads;
  const split = reshape(x, [batch, length, heads, size]); // [B,N,heads,d]
  return transpose(turn ? turn(split) : split, [0, 2, 1, 3]);
}

/** [B,heads,N,D/heads] -> [B,N,D]. */
export function joinHeads(x: Node): Node {
  const [batch, heads, length, size] = x.shape;
  const width = (heads as number) * (size as number);
  return reshape(transpose(x, [0, 2, 1, 3]), [batch, length, width]);
}

/** q k' / sqrt(d) over heads, q [B,h,N,d], k [B,h,M,d] -> [B,h,N,M]. */
export function attentionScores(q: Node, k: Node): Node {
  const size = q.shape.at(-1) as number;
  const scaled = mul(q, 1 / Math.sqrt(size));
  return matmul(scaled, k, { transposeB: true }); // [B,h,N,M]
}

/**
 * How much each of N reads of each of M: softmax(scores + bias). `bias`
 * broadcasts to the scores [B,h,N,M]; minus infinity (or a large negative
 * number) hides a position.
 */
export function attentionMap(scores: Node, bias?: Node): Node {
  return softmax(bias ? add(scores, bias) : scores);
}

/** q [B,h,N,d], k and v [B,h,M,d] -> what each of N reads [B,h,N,d]. */
export function attend(q: Node, k: Node, v: Node, bias?: Node): Node {
  return matmul(attentionMap(attentionScores(q, k), bias), v); // [B,h,N,d]
}

/** Turns a mask [B,M] of ones and zeros into a bias [B,1,1,M]. */
export function maskBias(mask: Node): Node {
  const [batch, length] = mask.shape;
  const bias = add(mul(mask, 1e9), -1e9);
  return reshape(bias, [batch, 1, 1, length]);
}
