/** The residual block of VQGANs. */

import type { Node } from "../graph/node.ts";
import { add, silu } from "../graph/ops.ts";
import { convolution } from "./conv.ts";
import { channelNorm, groupNorm } from "./norm.ts";

/** How a block's layers see the picture. */
export interface ResidualOptions {
  /**
   * Groups of channels that are normed over the whole picture; without, each
   * position is normed by itself.
   */
  readonly groups?: number;
  /** Side of the convolutions' kernels, 3 by default. */
  readonly kernel?: 1 | 3;
}

/**
 * x + conv(silu(norm(conv(silu(norm(x)))))), x [B,C,H,W] -> [B,outputs,H,W];
 * a 1x1 convolution carries x over where the channels differ.
 */
export function residualBlock(
  name: string,
  x: Node,
  outputs: number,
  { groups, kernel = 3 }: ResidualOptions,
): Node {
  const norm = (part: string, x: Node) =>
    groups === undefined
      ? channelNorm(`${name}.${part}`, x)
      : groupNorm(`${name}.${part}`, x, groups);
  const padding = (kernel - 1) / 2;
  const conv = (part: string, x: Node) =>
    convolution(`${name}.${part}`, x, outputs, kernel, { padding });
  let h = conv("conv1", silu(norm("norm1", x))); // [B,O,H,W]
  h = conv("conv2", silu(norm("norm2", h)));
  const skip = x.shape[1] === outputs
    ? x
    : convolution(`${name}.conv_shortcut`, x, outputs, 1); // [B,O,H,W]
  return add(skip, h);
}
