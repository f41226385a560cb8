/** Normalizations with their parameters. */

import type { Node } from "../graph/node.ts";
import * as ops from "../graph/ops.ts";

/** Over the last axis, with `name.weight` and `name.bias`. */
export function layerNorm(name: string, x: Node, epsilon = 1e-5): Node {
  const width = x.shape.at(-1) as number;
  const scale = ops.parameter(`${name}.weight`, [width]);
  const bias = ops.parameter(`${name}.bias`, [width]);
  return ops.layerNorm(x, scale, bias, epsilon);
}

/** By the root mean square over the last axis, with `name.weight`. */
export function rmsNorm(name: string, x: Node, epsilon: number): Node {
  const width = x.shape.at(-1) as number;
  return ops.rmsNorm(x, ops.parameter(`${name}.weight`, [width]), epsilon);
}

/** Over groups of channels of x [B,C,H,W]. */
export function groupNorm(
  name: string,
  x: Node,
  groups: number,
  epsilon = 1e-6,
): Node {
  const channels = x.shape[1] as number;
  const scale = ops.parameter(`${name}.weight`, [channels]);
  const bias = ops.parameter(`${name}.bias`, [channels]);
  return ops.groupNorm(x, scale, bias, groups, epsilon);
}

/**
 * Over the channels of x [B,C,H,W] at each position, by their root mean
 * square: no position hears of another.
 */
export function channelNorm(name: string, x: Node, epsilon = 1e-6): Node {
  const channels = x.shape[1] as number;
  const scale = ops.parameter(`${name}.weight`, [channels]);
  const power = ops.mean(ops.square(x), [1], true); // [B,1,H,W]
  return ops.mul(
    ops.div(x, ops.sqrt(ops.add(power, epsilon))),
    ops.reshape(scale, [channels, 1, 1]),
  );
}
