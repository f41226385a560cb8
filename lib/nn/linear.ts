/** Linear layers and embeddings, with weights as PyTorch stores them. */

import type { Node } from "../graph/node.ts";
import { add, gather, matmul, parameter } from "../graph/ops.ts";

/** Options of a linear layer. */
export interface LinearOptions {
  /** Adds `name.bias`; true by default. */
  readonly bias?: boolean;
}

/** x [..., in] -> [..., out] with `name.weight` [out, in]. */
export function linear(
  name: string,
  x: Node,
  outputs: number,
  { bias = true }: LinearOptions = {},
): Node {
  const inputs = x.shape.at(-1) as number;
  const weight = parameter(`${name}.weight`, [outputs, inputs]);
  const y = matmul(x, weight, { transposeB: true }); // [..., out]
  return bias ? add(y, parameter(`${name}.bias`, [outputs])) : y;
}

/** ids [...] -> rows [..., width] of `name.weight` [count, width]. */
export function embedding(
  name: string,
  ids: Node,
  count: number,
  width: number,
): Node {
  return gather(parameter(`${name}.weight`, [count, width]), ids);
}
