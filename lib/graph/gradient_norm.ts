/** Gradients of the normalizations, which share one core. */

import type { Node } from "./node.ts";
import { add, div, mean, mul, reshape, sqrt, sub, sum } from "./ops.ts";

interface Normalized {
  readonly normal: Node;
  readonly inverse: Node;
}

/** (x - mean) / std and 1 / std over the last axis. */
function standardize(x: Node, epsilon: number): Normalized {
  const centered = sub(x, mean(x, [-1], true));
  return rescale(centered, epsilon);
}

/** x / rms and 1 / rms over the last axis. */
function rescale(x: Node, epsilon: number): Normalized {
  const power = mean(mul(x, x), [-1], true);
  const inverse = div(1, sqrt(add(power, epsilon)));
  return { normal: mul(x, inverse), inverse };
}

/** inverse * (d - mean(d) - normal * mean(d * normal)) */
function throughStandardize(
  { normal, inverse }: Normalized,
  d: Node,
): Node {
  const along = mul(normal, mean(mul(d, normal), [-1], true));
  return mul(inverse, sub(sub(d, mean(d, [-1], true)), along));
}

/** Sum over all axes but the last. */
function sumLeading(x: Node): Node {
  return sum(x, x.shape.slice(0, -1).map((_, axis) => axis));
}

export function layerNormGradients(
  node: Node<"layerNorm">,
  dy: Node,
): readonly Node[] {
  const [x, scale] = node.inputs;
  const parts = standardize(x, node.op.epsilon);
  return [
    throughStandardize(parts, mul(dy, scale)),
    sumLeading(mul(dy, parts.normal)),
    sumLeading(dy),
  ];
}

export function rmsNormGradients(
  node: Node<"rmsNorm">,
  dy: Node,
): readonly Node[] {
  const [x, scale] = node.inputs;
  const { normal, inverse } = rescale(x, node.op.epsilon);
  const d = mul(dy, scale);
  const along = mul(normal, mean(mul(d, normal), [-1], true));
  return [mul(inverse, sub(d, along)), sumLeading(mul(dy, normal))];
}

export function groupNormGradients(
  node: Node<"groupNorm">,
  dy: Node,
): readonly Node[] {
  const [x, scale] = node.inputs;
  const { groups, epsilon } = node.op;
  const [batch, channels] = x.shape;
  const grouped = [batch, groups, -1]; // [B, G, C/G*H*W]
  const flat = [batch, channels, -1]; // [B, C, H*W]
  const parts = standardize(reshape(x, grouped), epsilon);
  const perChannel = reshape(scale, [channels, 1, 1]);
  const d = reshape(mul(dy, perChannel), grouped);
  return [
    reshape(throughStandardize(parts, d), x.shape),
    sum(mul(reshape(dy, flat), reshape(parts.normal, flat)), [0, 2]),
    sum(reshape(dy, flat), [0, 2]),
  ];
}
