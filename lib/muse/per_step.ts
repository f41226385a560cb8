/** Numbers that may change from step to step. */

/** A number for every step of a decode. */
export type PerStep =
  /** The same in every step. */
  | number
  /** In equal increments from the first step to the last. */
  | { readonly from: number; readonly to: number }
  /** One for each step. */
  | { readonly steps: readonly number[] };

/**
 * How far a decode is in a step: 0 in the first, 1 in the last, and 1 in a
 * single one.
 *
 * @param step number of the step, counted from 0
 */
export function progressAt(step: number, steps: number): number {
  return steps === 1 ? 1 : step / (steps - 1);
}

/**
 * The number of a step.
 *
 * @param what it is, for the error
 * @param step number of the step, counted from 0
 * @throws RangeError if a list doesn't have one entry for each step
 */
export function atStep(
  what: string,
  value: PerStep,
  step: number,
  steps: number,
): number {
  if (typeof value === "number") return value;
  if ("steps" in value) return listed(what, value.steps, step, steps);
  return value.from + (value.to - value.from) * progressAt(step, steps);
}

/**
 * Entry of a list that has one for each step.
 * @throws RangeError if it has not
 */
export function listed(
  what: string,
  list: readonly number[],
  step: number,
  steps: number,
): number {
  if (list.length === steps) return list[step];
  throw new RangeError(
    `Cannot take the ${what} from a list: found ${list.length} of them for ` +
      `${steps} steps, wanted one for each`,
  );
}
