/**
 * Classifier-free guidance (Muse, section 2.7): logits are pushed away from
 * what the network says without the prompt, by a scale t that may change
 * during a decode.
 */

import type { Node } from "../graph/node.ts";
import { add, mul, type Operand, sub } from "../graph/ops.ts";
import { checkKind } from "./known_options.ts";
import { listed, progressAt } from "./per_step.ts";

/** How the scale t goes over the steps of a decode. */
export type Guidance =
  /** The same scale in every step. */
  | { readonly kind: "constant"; readonly scale: number }
  /**
   * In equal increments from the first step to the last. The paper lets t
   * rise (section 2.7): early tokens are drawn more freely, which keeps the
   * pictures diverse, and late ones are held to the prompt.
   */
  | { readonly kind: "linear"; readonly from: number; readonly to: number }
  /**
   * From 0 to the scale by (1 - cos(π r^power)) / 2 of the progress r: later
   * and steeper the larger the power (MaskBit, arXiv 2409.16211, with a power
   * of 3).
   */
  | {
    readonly kind: "powerCosine";
    readonly scale: number;
    readonly power: number;
  }
  /**
   * The scale while the progress, 0 in the first step and 1 in the last, is
   * from `from` to `to`, and 0 before and after: strong guidance hurts early,
   * while almost all is masked (arXiv 2507.08965).
   */
  | {
    readonly kind: "interval";
    readonly scale: number;
    readonly from: number;
    readonly to: number;
  }
  /** One scale for each step. */
  | { readonly kind: "list"; readonly scales: readonly number[] };

type Scales = {
  readonly [K in Guidance["kind"]]: (
    guidance: Extract<Guidance, { kind: K }>,
    step: number,
    steps: number,
  ) => number;
};

const SCALES: Scales = {
  constant: ({ scale }) => scale,
  linear: ({ from, to }, step, steps) =>
    from + (to - from) * progressAt(step, steps),
  powerCosine({ scale, power }, step, steps) {
    if (!(power > 0)) {
      throw new RangeError(
        `Cannot guide by a cosine: found the power ${power}, wanted a number ` +
          `above 0`,
      );
    }
    return scale * (1 - Math.cos(Math.PI * progressAt(step, steps) ** power)) /
      2;
  },
  interval({ scale, from, to }, step, steps) {
    if (!(from >= 0 && from <= to && to <= 1)) {
      throw new RangeError(
        `Cannot guide in an interval: found ${from} to ${to}, wanted two ` +
          `numbers from 0 to 1, the smaller first`,
      );
    }
    const progress = progressAt(step, steps);
    return progress >= from && progress <= to ? scale : 0;
  },
  list: ({ scales }, step, steps) => listed("guidance", scales, step, steps),
};

const KINDS = Object.keys(SCALES);
const EXAMPLE = '{ kind: "constant", scale: 4 }';

/**
 * Scale t of a step.
 *
 * @param step number of the step, counted from 0
 * @param steps number of all steps; a single one is the last
 * @throws RangeError for a kind, an interval, a power or a list that can't be
 */
export function guidanceAt(
  guidance: Guidance,
  step: number,
  steps: number,
): number {
  checkKind("guidance", guidance, KINDS, EXAMPLE);
  return SCALES[guidance.kind](guidance as never, step, steps);
}

/** How many steps have another scale than 0. */
export function countGuided(guidance: Guidance, steps: number): number {
  return Array.from(
    { length: steps },
    (_, step) => guidanceAt(guidance, step, steps),
  ).filter((scale) => scale !== 0).length;
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
