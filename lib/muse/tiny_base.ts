/** A base transformer so small that tests run it at once. */

import { leaves, type Node } from "../graph/node.ts";
import { input } from "../graph/ops.ts";
import { createRng } from "../run/random.ts";
import type { Weight } from "../run/weights.ts";
import { type BaseConfig, tokenCount } from "./config.ts";
import { baseLogits, textMemory } from "./transformer.ts";

/** Its sizes. */
export const TINY: BaseConfig = {
  textWidth: 12,
  textLength: 3,
  width: 16,
  layers: 2,
  heads: 2,
  hidden: 24,
  codes: 16,
  grid: [2, 3],
};

/** Weights in memory, by name. */
export type MemoryWeights = Map<string, Extract<Weight, { kind: "memory" }>>;

/** Random weights for every parameter, the same at every call. */
export function randomBase(config: BaseConfig = TINY): MemoryWeights {
  const { textLength, textWidth } = config;
  const states = input("states", ["1B", textLength, textWidth]);
  const tokens = input("tokens", ["1B", tokenCount(config)], "int32");
  const logits = baseLogits(config, tokens, {
    memory: textMemory(config, states),
    mask: input("mask", ["1B", textLength]),
    factor: input("factor", ["1B"]),
  });
  return randomWeights("tiny base", logits);
}

/** Random weights for everything that a node depends on. */
export function randomWeights(key: string, node: Node): MemoryWeights {
  const rng = createRng(key);
  return new Map(
    leaves([node], "parameter").map(({ op: { name }, shape }) => {
      const sizes = shape as number[];
      const data = Float32Array.from(
        { length: sizes.reduce((a, b) => a * b, 1) },
        () => rng.normal(),
      );
      return [name, { kind: "memory", shape: sizes, data }];
    }),
  );
}
