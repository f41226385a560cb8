/** What the shape rules share: types, checks, and the sentence of an error. */

import { DIMS_WANTED, isDim, printShape, type Shape } from "./dim.ts";
import type { Node } from "./node.ts";
import type { DType, Op, OpKind, OpOf } from "./op.ts";

/** What a node's shape rule decides. */
export interface TypeOf {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** What an operation is applied to. */
export type Inputs = readonly Node[];
/** Shape and type of a result; throws when the inputs don't fit. */
export type ShapeRule<K extends OpKind> = (
  op: OpOf<K>,
  inputs: Inputs,
) => TypeOf;

function found(inputs: Inputs): string {
  return inputs.map((n) => `${n.dtype}${printShape(n.shape)}`).join(", ");
}

/** The error of inputs that don't fit: names the operation and the shapes. */
export function misfit(op: Op, inputs: Inputs, wanted: string): RangeError {
  return new RangeError(
    `Cannot apply ${op.kind} to (${found(inputs)}): wanted ${wanted}`,
  );
}

/** Checks number and types of the inputs. @throws TypeError */
export function expectInputs(
  op: Op,
  inputs: Inputs,
  dtypes: readonly DType[],
): void {
  if (
    inputs.length !== dtypes.length ||
    inputs.some((node, i) => node.dtype !== dtypes[i])
  ) {
    throw new TypeError(
      `Cannot apply ${op.kind} to (${found(inputs)}): ` +
        `wanted (${dtypes.join(", ")})`,
    );
  }
}

/** The types of so many float inputs. */
export const float = (count: number): DType[] => Array(count).fill("float32");

/** Checks that axes of the first input are named in order, each once. */
export function checkAxes(
  op: Op,
  inputs: Inputs,
  axes: readonly number[],
): void {
  const rank = inputs[0].shape.length;
  const ok = axes.every((axis, i) =>
    Number.isInteger(axis) && axis >= 0 && axis < rank &&
    (i === 0 || axis > axes[i - 1])
  );
  if (!ok) {
    throw misfit(op, inputs, `ascending axes below ${rank}, not [${axes}]`);
  }
}

/** Checks what a norm adds to a variance. */
export function checkEpsilon(op: Op, inputs: Inputs, epsilon: number): void {
  if (!Number.isFinite(epsilon) || epsilon < 0) {
    throw misfit(op, inputs, `an epsilon from 0 on, not ${epsilon}`);
  }
}

/** Checks attributes that have an entry for every axis of the first input. */
export function checkPerAxis(
  op: Op,
  inputs: Inputs,
  ...lists: readonly (readonly number[])[]
): void {
  const rank = inputs[0].shape.length;
  if (rank === 0 || lists.some((list) => list.length !== rank)) {
    throw misfit(
      op,
      inputs,
      `at least one axis and an entry for each, not ` +
        lists.map((list) => `[${list}]`).join(", "),
    );
  }
}

/** Checks a shape among the attributes. */
export function checkShape(op: Op, inputs: Inputs, shape: Shape): void {
  if (!shape.every(isDim)) {
    throw misfit(op, inputs, `${DIMS_WANTED}, not ${printShape(shape)}`);
  }
}
