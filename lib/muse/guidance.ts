/**
 * Classifier-free guidance (Muse, section 2.7): logits are pushed away from
 * what the network says without the prompt, by a scale t that may change
 * during a decode.
 */

import type { Node } from "../graph/node.ts";
import { add, mul, type Operand, sub } from "../graph/ops.ts";

/** How the scale t goes over the steps of a decode. */
export type Guidance =
  /** The same scale in every step. */
  | { readonly kind: "constant"; readonly scale: number }
  /**
   * In equal increments from the first step to the last. The paper lets t
   * rise (section 2.7): early tokens are drawn more freely, which keeps the
   * pictures diverse, and late ones are held to the prompt.
   */
  | { readonly kind: "linear"; readonly from: number; readonly to: number };

type Scales = {
  readonly [K in Guidance["kind"]]: (
    guidance: Extract<Guidance, { kind: K }>,
    progress: number,
  ) => number;
};

/** Scale at a progress of 0 in the first step to 1 in the last. */
const SCALES: Scales = {
  constant: ({ scale }) => scale,
  linear: ({ from, to }, progress) => from + (to - from) * progress,
};

/**
 * Scale t of a step.
 *
 * @param step number of the step, counted from 0
 * @param steps number of all steps; a single one is the last
 */
export function guidanceAt(
  guidance: Guidance,
  step: number,
  steps: number,
): number {
  const progress = steps === 1 ? 1 : step / (steps - 1);
  return SCALES[guidance.kind](guidance as never, progress);
}

/**
 * (1 + t) · conditional - t · unconditional. Scale 0 gives the conditional
 * logits back bit for bit. For a negative prompt, the unconditional logits
 * are those of that prompt (section 2.7).
 */
export function guide(
  conditional: Node,
  unconditional: Node,
  scale: Operand,
): Node {
  return add(conditional, mul(scale, sub(conditional, unconditional)));
}
