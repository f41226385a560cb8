/** The norms of a U-ViT, and what modulates them. */

import type { Node } from "../graph/node.ts";
import {
  add,
  constant,
  div,
  layerNorm as layerNormOp,
  mean,
  mul,
  parameter,
  reshape,
  slice,
  sqrt,
  square,
  sum,
} from "../graph/ops.ts";

/** x [...,D] with `name.weight` [D] and no bias. */
export function layerNorm(name: string, x: Node, epsilon: number): Node {
  const scale = scaleOf(name, x);
  const none = constant(new Float32Array(x.shape.at(-1) as number));
  return layerNormOp(x, scale, none, epsilon);
}

function scaleOf(name: string, x: Node): Node {
  return parameter(`${name}.weight`, [x.shape.at(-1) as number]);
}

/** x [B,N,D] by 1 + scale and shift, [B,2,D]. */
export function modulated(x: Node, modulation: Node): Node {
  const scale = slice(modulation, 1, 0, 1); // [B,1,D]
  return add(mul(x, scale), slice(modulation, 1, 1, 2));
}

/**
 * Global response normalization of x [B,N,D] (ConvNeXt V2, arXiv 2301.00808,
 * section 3.3): channels whose power over all positions is above the mean get
 * stronger.
 */
export function responseNorm(name: string, x: Node): Node {
  const width = x.shape.at(-1) as number;
  const [gamma, beta] = ["gamma", "beta"].map((part) =>
    reshape(parameter(`${name}.${part}`, [1, 1, 1, width]), [width])
  );
  const power = sqrt(sum(square(x), [1], true)); // [B,1,D]
  const share = div(power, add(mean(power, [-1], true), 1e-6));
  return add(mul(x, add(mul(gamma, share), 1)), beta);
}
