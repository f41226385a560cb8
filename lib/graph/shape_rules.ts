/** Shape and type of every operation's result; the only place that decides. */

import {
  broadcastShapes,
  isBatch,
  isDim,
  sameShape,
  type Shape,
} from "./dim.ts";
import type { Op, OpKind } from "./op.ts";
import {
  checkAxes,
  checkEpsilon,
  expectInputs,
  float,
  type Inputs,
  misfit,
  type ShapeRule,
  type TypeOf,
} from "./shape_check.ts";
import { conv, convTranspose } from "./shape_conv.ts";
import { pool } from "./shape_pool.ts";
import {
  concat,
  expand,
  pad,
  reshape,
  slice,
  transpose,
} from "./shape_places.ts";

/** Applies the rule of one operation. @throws RangeError, TypeError */
export function inferType(op: Op, inputs: Inputs): TypeOf {
  if (inputs.length === 0) throw misfit(op, inputs, "at least one input");
  return shapeRules[op.kind](op as never, inputs);
}

const unary: ShapeRule<OpKind> = (op, inputs) => {
  expectInputs(op, inputs, float(1));
  return inputs[0];
};

function broadcast(op: Op, inputs: Inputs): Shape {
  let shape: Shape | undefined = [];
  for (const { shape: next } of inputs) {
    shape = shape && broadcastShapes(shape, next);
  }
  if (!shape) throw misfit(op, inputs, "shapes that broadcast");
  return shape;
}

const arithmetic: ShapeRule<OpKind> = (op, inputs) => {
  const dtype = inputs[0]?.dtype === "int32" ? "int32" : "float32";
  expectInputs(op, inputs, [dtype, dtype]);
  return { shape: broadcast(op, inputs), dtype };
};

const comparison: ShapeRule<OpKind> = (op, inputs) => {
  return { shape: arithmetic(op, inputs).shape, dtype: "bool" };
};

const logic: ShapeRule<OpKind> = (op, inputs) => {
  expectInputs(op, inputs, ["bool", "bool"]);
  return { shape: broadcast(op, inputs), dtype: "bool" };
};

const reduction: ShapeRule<"sum" | "mean" | "max"> = (op, inputs) => {
  expectInputs(op, inputs, float(1));
  checkAxes(op, inputs, op.axes);
  const shape = op.keepDims
    ? inputs[0].shape.map((dim, axis) => op.axes.includes(axis) ? 1 : dim)
    : inputs[0].shape.filter((_, axis) => !op.axes.includes(axis));
  return { shape, dtype: "float32" };
};

const alongLast: ShapeRule<OpKind> = (op, inputs) => {
  const type = unary(op, inputs);
  if (type.shape.length === 0) throw misfit(op, inputs, "at least one axis");
  return type;
};

const normOverLast: ShapeRule<"layerNorm" | "rmsNorm"> = (op, inputs) => {
  expectInputs(op, inputs, float(op.kind === "layerNorm" ? 3 : 2));
  const width = inputs[0].shape.at(-1);
  for (const { shape } of inputs.slice(1)) {
    if (width === undefined || !sameShape(shape, [width])) {
      throw misfit(op, inputs, `scale and bias of shape [${width}]`);
    }
  }
  checkEpsilon(op, inputs, op.epsilon);
  return inputs[0];
};

const matmul: ShapeRule<"matmul"> = (op, inputs) => {
  expectInputs(op, inputs, float(2));
  const [a, b] = inputs.map((node) => node.shape);
  if (a.length < 2 || b.length < 2) {
    throw misfit(op, inputs, "at least two axes on both sides");
  }
  const [rows, inner] = op.transposeA
    ? [a.at(-1)!, a.at(-2)!]
    : [a.at(-2)!, a.at(-1)!];
  const [innerB, columns] = op.transposeB
    ? [b.at(-1)!, b.at(-2)!]
    : [b.at(-2)!, b.at(-1)!];
  if (inner !== innerB) {
    throw misfit(op, inputs, `equal inner dimensions, not ${inner}, ${innerB}`);
  }
  const batch = broadcastShapes(a.slice(0, -2), b.slice(0, -2));
  if (!batch) throw misfit(op, inputs, "leading axes that broadcast");
  return { shape: [...batch, rows, columns], dtype: "float32" };
};

function leaf(op: Op): never {
  throw new TypeError(`A leaf has no shape rule: make ${op.kind} by makeLeaf`);
}

const shapeRules: { readonly [K in OpKind]: ShapeRule<K> } = {
  input: leaf,
  parameter: leaf,
  constant: leaf,
  neg: unary,
  exp: unary,
  log: unary,
  sqrt: unary,
  abs: unary,
  sin: unary,
  cos: unary,
  tanh: unary,
  sigmoid: unary,
  erf: unary,
  relu: unary,
  silu: unary,
  gelu: unary,
  add: arithmetic,
  sub: arithmetic,
  mul: arithmetic,
  div: arithmetic,
  maximum: arithmetic,
  minimum: arithmetic,
  equal: comparison,
  less: comparison,
  greater: comparison,
  or: logic,
  not: (op, inputs) => {
    expectInputs(op, inputs, ["bool"]);
    return inputs[0];
  },
  select: (op, inputs) => {
    const dtype = inputs[1]?.dtype ?? "float32";
    expectInputs(op, inputs, ["bool", dtype, dtype]);
    return { shape: broadcast(op, inputs), dtype };
  },
  cast: (op, inputs) => ({ shape: inputs[0].shape, dtype: op.to }),
  stopGradient: (_, inputs) => inputs[0],
  sum: reduction,
  mean: reduction,
  max: reduction,
  argMax: (op, inputs) => {
    expectInputs(op, inputs, float(1));
    checkAxes(op, inputs, [op.axis]);
    const shape = inputs[0].shape.filter((_, axis) => axis !== op.axis);
    return { shape, dtype: "int32" };
  },
  cumsum: (op, inputs) => {
    const type = unary(op, inputs);
    checkAxes(op, inputs, [op.axis]);
    return type;
  },
  softmax: alongLast,
  logSoftmax: alongLast,
  layerNorm: normOverLast,
  rmsNorm: normOverLast,
  groupNorm: (op, inputs) => {
    expectInputs(op, inputs, float(3));
    const { shape } = inputs[0];
    const channels = shape[1];
    if (
      shape.length !== 4 || isBatch(channels) || !isDim(op.groups) ||
      channels % op.groups !== 0 ||
      inputs.slice(1).some((node) => !sameShape(node.shape, [channels]))
    ) {
      throw misfit(
        op,
        inputs,
        `x [B,C,H,W] with C in ${op.groups} groups, scale and bias [C]`,
      );
    }
    checkEpsilon(op, inputs, op.epsilon);
    return inputs[0];
  },
  matmul,
  conv,
  convTranspose,
  maxPool: pool,
  averagePool: pool,
  gather: (op, inputs) => {
    expectInputs(op, inputs, [inputs[0]?.dtype ?? "float32", "int32"]);
    const [table, indices] = inputs;
    if (table.shape.length === 0 || isBatch(table.shape[0])) {
      throw misfit(op, inputs, "a table with a fixed number of rows");
    }
    return {
      shape: [...indices.shape, ...table.shape.slice(1)],
      dtype: table.dtype,
    };
  },
  segmentSum: (op, inputs) => {
    expectInputs(op, inputs, ["float32", "int32"]);
    const [x, ids] = inputs;
    const fits = ids.shape.length === 1 && x.shape.length > 0 &&
      x.shape[0] === ids.shape[0];
    if (!fits || !isDim(op.segments)) {
      throw misfit(
        op,
        inputs,
        `x [n, ...], ids [n] and a number of sums, not ${op.segments}`,
      );
    }
    return { shape: [op.segments, ...x.shape.slice(1)], dtype: "float32" };
  },
  reshape,
  transpose,
  concat,
  slice,
  pad,
  expand,
  reverse: (op, inputs) => {
    expectInputs(op, inputs, float(1));
    checkAxes(op, inputs, op.axes);
    return inputs[0];
  },
  resizeNearest: (op, inputs) => {
    expectInputs(op, inputs, float(1));
    const [batch, channels, ...size] = inputs[0].shape;
    if (size.length !== 2 || size.some(isBatch) || !isDim(op.scale)) {
      throw misfit(op, inputs, `x [B,C,H,W] and a scale, not ${op.scale}`);
    }
    const out = size.map((dim) => (dim as number) * op.scale);
    return { shape: [batch, channels, ...out], dtype: "float32" };
  },
};
