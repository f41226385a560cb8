/** Shape rules of operations that move elements. */

import {
  broadcastShapes,
  type Dim,
  divideDim,
  isBatch,
  printShape,
  product,
  sameShape,
  type Shape,
  sumDims,
} from "./dim.ts";
import {
  checkAxes,
  checkPerAxis,
  checkShape,
  expectInputs,
  float,
  misfit,
  type ShapeRule,
} from "./shape_check.ts";

export const reshape: ShapeRule<"reshape"> = (op, inputs) => {
  const from = inputs[0].shape;
  if (op.shape.includes(-1)) {
    throw misfit(op, inputs, `a size for the -1 in ${printShape(op.shape)}`);
  }
  checkShape(op, inputs, op.shape);
  if ([from, op.shape].some(hasTwoBatches)) {
    throw misfit(
      op,
      inputs,
      `the batch in one dimension of each shape, not ${printShape(op.shape)}`,
    );
  }
  if (product(op.shape) !== product(from)) {
    throw misfit(
      op,
      inputs,
      `${product(from)} elements, not ${printShape(op.shape)}`,
    );
  }
  return { shape: op.shape, dtype: inputs[0].dtype };
};

export const transpose: ShapeRule<"transpose"> = (op, inputs) => {
  const { shape, dtype } = inputs[0];
  const sorted = [...op.permutation].sort((a, b) => a - b);
  if (sorted.length !== shape.length || sorted.some((axis, i) => axis !== i)) {
    throw misfit(op, inputs, `a permutation, not [${op.permutation}]`);
  }
  return { shape: op.permutation.map((axis) => shape[axis]), dtype };
};

export const concat: ShapeRule<"concat"> = (op, inputs) => {
  const [first] = inputs;
  checkAxes(op, inputs, [op.axis]);
  const fits = inputs.every(({ shape, dtype }) =>
    dtype === first.dtype && shape.length === first.shape.length &&
    shape.every((dim, axis) => axis === op.axis || dim === first.shape[axis])
  );
  const total = sumDims(inputs.map((node) => node.shape[op.axis]));
  if (!fits || total === undefined) {
    throw misfit(op, inputs, `shapes equal but for axis ${op.axis}`);
  }
  const shape = first.shape.map((dim, axis) => axis === op.axis ? total : dim);
  return { shape, dtype: first.dtype };
};

export const slice: ShapeRule<"slice"> = (op, inputs) => {
  const { shape, dtype } = inputs[0];
  checkPerAxis(op, inputs, op.starts, op.ends, op.steps);
  const out = shape.map((dim, axis): Dim => {
    const [start, end, step] = [op.starts, op.ends, op.steps].map((v) =>
      v[axis]
    );
    if (isBatch(dim)) {
      if (start === 0 && end === Infinity && step === 1) return dim;
      throw misfit(op, inputs, `the whole of axis ${axis}, the batch`);
    }
    const fits = [start, end, step].every(Number.isInteger) &&
      start >= 0 && start < end && end <= dim && step >= 1;
    if (!fits) {
      throw misfit(
        op,
        inputs,
        `0 <= ${start} < ${end} <= ${dim} and a step, not ${step}`,
      );
    }
    return Math.ceil((end - start) / step);
  });
  return { shape: out, dtype };
};

export const pad: ShapeRule<"pad"> = (op, inputs) => {
  expectInputs(op, inputs, float(1));
  checkPerAxis(op, inputs, op.before, op.after);
  const shape = inputs[0].shape.map((dim, axis): Dim => {
    const extra = op.before[axis] + op.after[axis];
    const fits = [op.before[axis], op.after[axis]].every((n) =>
      Number.isInteger(n) && n >= 0
    );
    if (!fits) {
      throw misfit(op, inputs, "non-negative padding for every axis");
    }
    if (extra > 0 && isBatch(dim)) {
      throw misfit(op, inputs, `no padding of axis ${axis}, the batch`);
    }
    return isBatch(dim) ? dim : dim + extra;
  });
  return { shape, dtype: "float32" };
};

export const expand: ShapeRule<"expand"> = (op, inputs) => {
  checkShape(op, inputs, op.shape);
  const to = broadcastShapes(inputs[0].shape, op.shape);
  if (!to || !sameShape(to, op.shape)) {
    throw misfit(
      op,
      inputs,
      `a shape that stretches to ${printShape(op.shape)}`,
    );
  }
  return { shape: op.shape, dtype: inputs[0].dtype };
};

/** The missing dimension of a reshape, as `-1` in other libraries. */
export function solveDim(shape: Shape, known: Shape): Dim | undefined {
  if (known.includes(-1) || hasTwoBatches(shape) || hasTwoBatches(known)) {
    return undefined;
  }
  return divideDim(product(shape), product(known));
}

function hasTwoBatches(shape: Shape): boolean {
  return shape.filter(isBatch).length > 1;
}
