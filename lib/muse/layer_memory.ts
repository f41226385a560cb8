/**
 * What the layers read of their condition, between the session that computes it
 * once and the one that is fed with it at every step.
 */

import type { Shape } from "../graph/dim.ts";
import type { Node } from "../graph/node.ts";
import { input } from "../graph/ops.ts";
import type { Memory } from "../nn/transformer.ts";

const nameOf = (part: keyof Memory, layer: number) => `${part}.${layer}`;

/** The keys and values of every layer, by name. */
export function memoryOutputs(
  layers: readonly Memory[],
): Record<string, Node> {
  return Object.fromEntries(layers.flatMap(({ keys, values }, layer) => [
    [nameOf("keys", layer), keys],
    [nameOf("values", layer), values],
  ]));
}

/** Inputs of the same names, for so many layers. */
export function memoryInputs(layers: number, shape: Shape): Memory[] {
  return Array.from({ length: layers }, (_, layer) => ({
    keys: input(nameOf("keys", layer), shape),
    values: input(nameOf("values", layer), shape),
  }));
}
