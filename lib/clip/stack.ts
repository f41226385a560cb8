/** The transformer layers that CLIP's towers share (arXiv 2103.00020, 2.4). */

import type { Node } from "../graph/node.ts";
import { add, gelu, mul, sigmoid } from "../graph/ops.ts";
import { attend, joinHeads, splitHeads } from "../nn/attention.ts";
import { linear } from "../nn/linear.ts";
import { layerNorm } from "../nn/norm.ts";
import type { ClipActivation, ClipStack } from "./config.ts";

const ACTIVATIONS: Readonly<Record<ClipActivation, (x: Node) => Node>> = {
  quick_gelu: (x) => mul(x, sigmoid(mul(x, 1.702))),
  gelu,
};

/**
 * What is between a tower's layers: x [B,N,D] itself, then each layer's states
 * [B,N,D]. `bias` broadcasts to the attention's scores [B,heads,N,N].
 */
export function clipStates(
  name: string,
  stack: ClipStack,
  x: Node,
  bias?: Node,
): readonly Node[] {
  const states = [x];
  for (let i = 0; i < stack.layers; i++) {
    states.push(clipLayer(`${name}.layers.${i}`, stack, states[i], bias));
  }
  return states;
}

/** x [B,N,D] -> [B,N,D]; normalization comes before each part. */
function clipLayer(
  name: string,
  { width, heads, hidden, activation, epsilon }: ClipStack,
  x: Node,
  bias?: Node,
): Node {
  const normed = layerNorm(`${name}.layer_norm1`, x, epsilon);
  const [q, k, v] = ["q_proj", "k_proj", "v_proj"].map((part) =>
    splitHeads(linear(`${name}.self_attn.${part}`, normed, width), heads)
  ); // [B,heads,N,D/heads]
  const read = joinHeads(attend(q, k, v, bias)); // [B,N,D]
  const attended = add(x, linear(`${name}.self_attn.out_proj`, read, width));
  const inner = layerNorm(`${name}.layer_norm2`, attended, epsilon);
  const wide = linear(`${name}.mlp.fc1`, inner, hidden); // [B,N,hidden]
  const active = ACTIVATIONS[activation](wide);
  return add(attended, linear(`${name}.mlp.fc2`, active, width));
}
