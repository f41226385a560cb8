/** Weights that nobody trained, for tests. */

import { leaves, type Node } from "../graph/node.ts";
import { createRng } from "./random.ts";
import type { FloatTensor, SafetensorsEntry } from "./safetensors.ts";

/** Weights in memory, by name. */
export type MemoryWeights = Map<
  string,
  FloatTensor & { readonly kind: "memory" }
>;

/**
 * Normal random numbers for everything that the outputs depend on, the same at
 * every call.
 *
 * @param deviation of the numbers, 1 by default; or a function of the shape
 */
export function randomWeights(
  key: string,
  outputs: Iterable<Node>,
  deviation: number | ((shape: readonly number[]) => number) = 1,
): MemoryWeights {
  const rng = createRng(key);
  return new Map(
    leaves(outputs, "parameter").map(({ op: { name }, shape }) => {
      const sizes = shape as number[];
      const scale = typeof deviation === "number"
        ? deviation
        : deviation(sizes);
      const data = Float32Array.from(
        { length: sizes.reduce((a, b) => a * b, 1) },
        () => scale * rng.normal(),
      );
      return [name, { kind: "memory", shape: sizes, data }];
    }),
  );
}

/** The values alone, as sessions are fed. */
export function weightFeeds(
  weights: MemoryWeights,
): Record<string, Float32Array> {
  return Object.fromEntries(
    [...weights].map(([name, { data }]) => [name, data]),
  );
}

/** The weights as float32 tensors of a file. */
export function weightEntries(weights: MemoryWeights): SafetensorsEntry[] {
  return [...weights].map(([name, { shape, data }]) => (
    { name, dtype: "F32", shape, data }
  ));
}
