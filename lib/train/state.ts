/** What a training step changes. */

import { printShape } from "../graph/dim.ts";
import type { Node } from "../graph/node.ts";
import type { Rng } from "../run/random.ts";
import { initialValue } from "./init.ts";

/** Everything a step changes, by parameter name. */
export interface TrainState {
  /** Number of steps done. */
  step: number;
  readonly values: Map<string, Float32Array<ArrayBuffer>>;
  readonly first: Map<string, Float32Array<ArrayBuffer>>;
  /** Unused by Muon. */
  readonly second: Map<string, Float32Array<ArrayBuffer>>;
  readonly averages: Map<string, Float32Array<ArrayBuffer>>;
}

/** The parts of a state that hold something for every parameter. */
export const STATE_PARTS = ["values", "first", "second", "averages"] as const;
/** A part of a state. */
export type StatePart = typeof STATE_PARTS[number];

/**
 * Fresh parameters with moments of zero; averages start at the values.
 *
 * @param given values that replace random ones
 * @throws RangeError for a given value of another length
 */
export function createTrainState(
  parameters: readonly Node<"parameter">[],
  rng: Rng,
  given: ReadonlyMap<string, Float32Array> = new Map(),
): TrainState {
  const state: TrainState = {
    step: 0,
    values: new Map(),
    first: new Map(),
    second: new Map(),
    averages: new Map(),
  };
  for (const node of parameters) {
    const { name } = node.op;
    const value = initialValue(node, rng);
    const start = given.get(name);
    if (start && start.length !== value.length) {
      throw new RangeError(
        `Cannot start ${name} from ${start.length} values: its shape is ` +
          printShape(node.shape),
      );
    }
    if (start) value.set(start);
    state.values.set(name, value);
    state.averages.set(name, value.slice());
    state.first.set(name, new Float32Array(value.length));
    state.second.set(name, new Float32Array(value.length));
  }
  return state;
}
