/** The residual block of VQGANs. */

import type { Node } from "../graph/node.ts";
import { add, silu } from "../graph/ops.ts";
import { convolution } from "./conv.ts";
import { groupNorm } from "./norm.ts";

/**
 * x + conv(silu(norm(conv(silu(norm(x)))))), x [B,C,H,W] -> [B,outputs,H,W];
 * a 1x1 convolution carries x over where the channels differ.
 */
export function residualBlock(
  name: string,
  x: Node,
  outputs: number,
  groups: number,
): Node {
  let h = silu(groupNorm(`${name}.norm1`, x, groups));
  h = convolution(`${name}.conv1`, h, outputs, 3, { padding: 1 }); // [B,O,H,W]
  h = silu(groupNorm(`${name}.norm2`, h, groups));
  h = convolution(`${name}.conv2`, h, outputs, 3, { padding: 1 });
  const skip = x.shape[1] === outputs
    ? x
    : convolution(`${name}.conv_shortcut`, x, outputs, 1); // [B,O,H,W]
  return add(skip, h);
}
