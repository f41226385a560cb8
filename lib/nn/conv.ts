/** Convolution with its parameters, and moves between space and channels. */

import type { Node } from "../graph/node.ts";
import {
  conv,
  type ConvOptions,
  parameter,
  reshape,
  transpose,
} from "../graph/ops.ts";

/** Options of a convolution. */
export interface ConvolutionOptions extends ConvOptions {
  /** Adds `name.bias`; true by default. */
  readonly bias?: boolean;
}

/** x [B,C,H,W] -> [B,O,H',W'] with `name.weight` [O,C/groups,size,size]. */
export function convolution(
  name: string,
  x: Node,
  outputs: number,
  size: number,
  { bias = true, ...options }: ConvolutionOptions = {},
): Node {
  const inputs = (x.shape[1] as number) / (options.groups ?? 1);
  const kernel = parameter(`${name}.weight`, [outputs, inputs, size, size]);
  const added = bias ? parameter(`${name}.bias`, [outputs]) : undefined;
  return conv(x, kernel, added, options);
}

/** [B,C,H,W] -> [B, C*f*f, H/f, W/f]. */
export function spaceToDepth(x: Node, factor: number): Node {
  if (factor === 1) return x;
  const [batch, channels, height, width] = x.shape;
  const [rows, columns] = [height, width].map((n) => (n as number) / factor);
  const blocks = reshape(x, [batch, channels, rows, factor, columns, factor]);
  const moved = transpose(blocks, [0, 1, 3, 5, 2, 4]); // [B,C,f,f,H/f,W/f]
  return reshape(moved, [
    batch,
    (channels as number) * factor ** 2,
    rows,
    columns,
  ]);
}

/** [B, C*f*f, H, W] -> [B, C, H*f, W*f]; undoes spaceToDepth. */
export function depthToSpace(x: Node, factor: number): Node {
  if (factor === 1) return x;
  const [batch, channels, height, width] = x.shape as number[];
  const depth = channels / factor ** 2;
  const blocks = reshape(x, [batch, depth, factor, factor, height, width]);
  const moved = transpose(blocks, [0, 1, 4, 2, 5, 3]); // [B,C,H,f,W,f]
  return reshape(moved, [batch, depth, height * factor, width * factor]);
}
