/** First values of parameters. */

import type { Node } from "../graph/node.ts";
import type { Rng } from "../run/random.ts";

/**
 * Draws a parameter's first value: ones for the scale of a norm, zeros for a
 * bias, normal numbers elsewhere: standard deviation 0.02 for embeddings,
 * else one over the root of the fan-in.
 */
export function initialValue(
  node: Node<"parameter">,
  rng: Rng,
): Float32Array<ArrayBuffer> {
  const shape = node.shape as number[];
  const { name } = node.op;
  const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
  if (shape.length === 1) {
    return name.endsWith(".bias") ? values : values.fill(1);
  }
  const fanIn = shape.slice(1).reduce((a, b) => a * b, 1);
  const deviation = name.includes("embedding") ? 0.02 : 1 / Math.sqrt(fanIn);
  for (let i = 0; i < values.length; i++) values[i] = rng.normal() * deviation;
  return values;
}
