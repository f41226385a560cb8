/**
 * Muon (Jordan et al. 2024): momentum whose matrix is replaced by the nearest
 * orthogonal one, so that every direction of a layer learns equally fast. The
 * update is scaled to the size of AdamW's (Liu et al. 2025, section 2.2), so
 * that both share a learning rate and a weight decay.
 */

import type { Node } from "../graph/node.ts";
import {
  add,
  div,
  matmul,
  maximum,
  mul,
  reshape,
  sqrt,
  square,
  sub,
  sum,
} from "../graph/ops.ts";

/** Fixed choices of the optimizer. */
export interface MuonOptions {
  /** Weight of the old momentum. */
  readonly momentum: number;
}

/** A matrix and its momentum. */
export interface Momentum {
  readonly value: Node;
  readonly first: Node;
}

/**
 * Coefficients of the quintic a x + b x^3 + c x^5 that, iterated, brings
 * singular values from (0,1] close to 1 (Jordan et al. 2024).
 */
const QUINTIC = [3.4445, -4.775, 2.0315] as const;
const ITERATIONS = 5;

/**
 * Whether Muon is for this parameter: matrices between hidden states and the
 * filters of convolutions, not the tables of embeddings and codes, nor what
 * makes logits or pixels, whose rows stand for those.
 */
export function isHiddenMatrix({ op, shape }: Node<"parameter">): boolean {
  return (shape.length === 2 || shape.length === 4) &&
    !/embedding|logits|decoder\.conv_out/.test(op.name);
}

/**
 * U V' of a matrix U S V' [m,n], roughly: its singular values are about 0.7 to
 * 1.2 (but for the smallest), which serves as well as ones.
 */
export function orthogonalize(matrix: Node): Node {
  const [rows, columns] = matrix.shape as number[];
  const tall = rows > columns;
  const [a, b, c] = QUINTIC;
  // The Frobenius norm is at least the largest singular value.
  const norm = maximum(sqrt(sum(square(matrix))), 1e-7);
  let x = div(matrix, norm); // [m,n]
  for (let i = 0; i < ITERATIONS; i++) {
    const gram = matmul(x, x, { transposeA: tall, transposeB: !tall });
    const mix = add(mul(gram, b), mul(matmul(gram, gram), c));
    x = add(mul(x, a), tall ? matmul(x, mix) : matmul(mix, x)); // [m,n]
  }
  return x;
}

/**
 * One update of a matrix [m,n], or of filters [m,...], a row each; `clip`
 * multiplies the gradient.
 */
export function muon(
  state: Momentum,
  gradient: Node,
  clip: Node,
  learningRate: Node,
  weightDecay: number,
  { momentum }: MuonOptions,
): Momentum {
  const fresh = mul(gradient, mul(clip, 1 - momentum));
  const first = add(mul(state.first, momentum), fresh);
  // Nesterov's look ahead
  const ahead = add(mul(first, momentum), fresh);
  const shape = ahead.shape as number[];
  const [rows] = shape;
  const columns = shape.reduce((a, b) => a * b) / rows;
  const matrix = orthogonalize(reshape(ahead, [rows, columns])); // [m,n]
  const direction = reshape(matrix, shape);
  const size = 0.2 * Math.sqrt(Math.max(rows, columns));
  const decayed = mul(state.value, sub(1, mul(learningRate, weightDecay)));
  return {
    value: sub(decayed, mul(direction, mul(learningRate, size))),
    first,
  };
}
