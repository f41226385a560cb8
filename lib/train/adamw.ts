/**
 * AdamW (Loshchilov and Hutter 2019) with clipping by the global norm and
 * averaged weights, as graph nodes.
 */

import type { Node } from "../graph/node.ts";
import {
  add,
  div,
  minimum,
  mul,
  sqrt,
  square,
  sub,
  sum,
} from "../graph/ops.ts";

/** Fixed choices of the optimizer. */
export interface AdamWOptions {
  /** Weight of the old first moment. */
  readonly beta1: number;
  /** Weight of the old second moment. */
  readonly beta2: number;
  /** Added to the root of the second moment. */
  readonly epsilon: number;
  /** Applied to matrices and kernels, not to norms and biases. */
  readonly weightDecay: number;
  /** Each loss's gradient is scaled down to this norm over its parameters. */
  readonly clipNorm: number;
}

/**
 * Those of masked transformers: the paper's betas and weight decay (its table
 * of hyperparameters), which it uses with Adafactor.
 */
export const TRANSFORMER_ADAMW: AdamWOptions = {
  beta1: 0.9,
  beta2: 0.96,
  epsilon: 1e-8,
  weightDecay: 0.045,
  clipNorm: 1,
};

/** Numbers that change from step to step, scalars. */
export interface AdamWScalars {
  readonly learningRate: Node;
  /** 1 - beta^t for both moments, at step t counted from 1. */
  readonly correction1: Node;
  readonly correction2: Node;
}

/** A parameter and its two moments. */
export interface Moments {
  readonly value: Node;
  readonly first: Node;
  readonly second: Node;
}

/** Root of the sum of squares over all gradients, a scalar. */
export function globalNorm(gradients: readonly Node[]): Node {
  return sqrt(gradients.map((g) => sum(square(g))).reduce((a, b) => add(a, b)));
}

/** Factors that bring gradients of the given norms down to `clipNorm`. */
export function clipFactor(norm: Node, clipNorm: number): Node {
  return minimum(div(clipNorm, add(norm, 1e-6)), 1);
}

/** One update. `clip` is a scalar the gradient is multiplied by. */
export function adamW(
  state: Moments,
  gradient: Node,
  clip: Node,
  scalars: AdamWScalars,
  options: AdamWOptions,
): Moments {
  const { beta1, beta2, epsilon, weightDecay } = options;
  const { learningRate, correction1, correction2 } = scalars;
  // Scalars are gathered before they meet a tensor: each meeting is a pass.
  const first = add(
    mul(state.first, beta1),
    mul(gradient, mul(clip, 1 - beta1)),
  );
  const second = add(
    mul(state.second, beta2),
    square(mul(gradient, mul(clip, Math.sqrt(1 - beta2)))),
  );
  // lr * (m / c1) / (sqrt(v / c2) + eps), both sides times sqrt(c2)
  const unbias = sqrt(correction2);
  const rate = div(mul(learningRate, unbias), correction1);
  const root = add(sqrt(second), mul(unbias, epsilon));
  const update = mul(div(first, root), rate);
  const decays = weightDecay > 0 && state.value.shape.length > 1;
  const decayed = decays
    ? mul(state.value, sub(1, mul(learningRate, weightDecay)))
    : state.value;
  return { value: sub(decayed, update), first, second };
}
