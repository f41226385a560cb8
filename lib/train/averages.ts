/** The averaged weights of a run, for use in a network. */

import type { Node } from "../graph/node.ts";
import type { Weights } from "../run/weights.ts";
import type { TrainState } from "./state.ts";

/** Averaged parameters as the weights of a network. They are not copied. */
export function averagedWeights(
  parameters: readonly Node<"parameter">[],
  state: TrainState,
): Weights {
  return new Map(
    parameters.map(({ op: { name }, shape }) => [
      name,
      {
        kind: "memory",
        shape: shape as number[],
        data: state.averages.get(name)!,
      },
    ]),
  );
}
