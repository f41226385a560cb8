/** Shape and type of every operation's result; the only place that decides. */

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
import type { Node } from "./node.ts";
import type { DType, Op, OpKind, OpOf } from "./op.ts";

/** What a node's shape rule decides. */
export interface TypeOf {
  readonly shape: Shape;
  readonly dtype: DType;
}

type Inputs = readonly Node[];
type ShapeRule<K extends OpKind> = (op: OpOf<K>, inputs: Inputs) => TypeOf;

/** Applies the rule of one operation. @throws RangeError, TypeError */
export function inferType(op: Op, inputs: Inputs): TypeOf {
  return shapeRules[op.kind](op as never, inputs);
}

function found(inputs: Inputs): string {
  return inputs.map((n) => `${n.dtype}${printShape(n.shape)}`).join(", ");
}

function misfit(op: Op, inputs: Inputs, wanted: string): RangeError {
  return new RangeError(
    `Cannot apply ${op.kind} to (${found(inputs)}): wanted ${wanted}`,
  );
}

function expectInputs(op: Op, inputs: Inputs, dtypes: readonly DType[]): void {
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

const float = (count: number): DType[] => Array(count).fill("float32");

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

function checkAxes(op: Op, inputs: Inputs, axes: readonly number[]): void {
  const rank = inputs[0].shape.length;
  const ok = axes.every((axis, i) =>
    Number.isInteger(axis) && axis >= 0 && axis < rank &&
    (i === 0 || axis > axes[i - 1])
  );
  if (!ok) {
    throw misfit(op, inputs, `ascending axes below ${rank}, not [${axes}]`);
  }
}

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
  return inputs[0];
};

function spatial(
  op: OpOf<"conv"> | OpOf<"convTranspose">,
  inputs: Inputs,
): { picture: Shape; kernel: readonly number[] } {
  expectInputs(op, inputs, float(3));
  const [x, kernel, bias] = inputs.map((node) => node.shape);
  if (x.length !== 4 || kernel.length !== 4 || bias.length !== 1) {
    throw misfit(op, inputs, "x [B,C,H,W], kernel [.,.,h,w], bias [O]");
  }
  if ([...x.slice(1), ...kernel].some(isBatch)) {
    throw misfit(op, inputs, "the symbolic batch in the first axis only");
  }
  return { picture: x, kernel: kernel as number[] };
}

const conv: ShapeRule<"conv"> = (op, inputs) => {
  const { picture, kernel } = spatial(op, inputs);
  const [batch, channels, ...size] = picture;
  const [outputs, perGroup, ...window] = kernel;
  if (
    perGroup * op.groups !== channels || outputs % op.groups !== 0 ||
    inputs[2].shape[0] !== outputs
  ) {
    throw misfit(
      op,
      inputs,
      `kernel [O,${channels}/${op.groups},h,w] and bias [O]`,
    );
  }
  const out = size.map((dim, i) => {
    const padded = (dim as number) + op.padding[i] + op.padding[i + 2];
    return Math.floor((padded - window[i]) / op.stride[i]) + 1;
  });
  if (out.some((dim) => dim < 1)) {
    throw misfit(op, inputs, "a padded picture no smaller than the kernel");
  }
  return { shape: [batch, outputs, ...out], dtype: "float32" };
};

const convTranspose: ShapeRule<"convTranspose"> = (op, inputs) => {
  const { picture, kernel } = spatial(op, inputs);
  const [batch, channels, ...size] = picture;
  const [fromChannels, perGroup, ...window] = kernel;
  const outputs = perGroup * op.groups;
  if (
    fromChannels !== channels || fromChannels % op.groups !== 0 ||
    inputs[2].shape[0] !== outputs
  ) {
    throw misfit(op, inputs, `kernel [${channels},O/groups,h,w] and bias [O]`);
  }
  const out = size.map((dim, i) =>
    ((dim as number) - 1) * op.stride[i] + window[i] -
    op.padding[i] - op.padding[i + 2] + op.outputPadding[i]
  );
  return { shape: [batch, outputs, ...out], dtype: "float32" };
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

const reshape: ShapeRule<"reshape"> = (op, inputs) => {
  const from = product(inputs[0].shape);
  if (product(op.shape) !== from) {
    throw misfit(op, inputs, `${from} elements, not ${printShape(op.shape)}`);
  }
  return { shape: op.shape, dtype: inputs[0].dtype };
};

const transpose: ShapeRule<"transpose"> = (op, inputs) => {
  const { shape, dtype } = inputs[0];
  const sorted = [...op.permutation].sort((a, b) => a - b);
  if (sorted.length !== shape.length || sorted.some((axis, i) => axis !== i)) {
    throw misfit(op, inputs, `a permutation, not [${op.permutation}]`);
  }
  return { shape: op.permutation.map((axis) => shape[axis]), dtype };
};

const concat: ShapeRule<"concat"> = (op, inputs) => {
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

const slice: ShapeRule<"slice"> = (op, inputs) => {
  const { shape, dtype } = inputs[0];
  const out = shape.map((dim, axis): Dim => {
    const [start, end, step] = [op.starts, op.ends, op.steps].map((v) =>
      v[axis]
    );
    if (isBatch(dim)) {
      if (start === 0 && end === Infinity && step === 1) return dim;
      throw misfit(op, inputs, `the whole of axis ${axis}, the batch`);
    }
    if (!(start >= 0 && start < end && end <= dim && step >= 1)) {
      throw misfit(op, inputs, `0 <= ${start} < ${end} <= ${dim}`);
    }
    return Math.ceil((end - start) / step);
  });
  return { shape: out, dtype };
};

const pad: ShapeRule<"pad"> = (op, inputs) => {
  expectInputs(op, inputs, float(1));
  const shape = inputs[0].shape.map((dim, axis): Dim => {
    const extra = op.before[axis] + op.after[axis];
    if (!(op.before[axis] >= 0 && op.after[axis] >= 0)) {
      throw misfit(op, inputs, "non-negative padding for every axis");
    }
    if (extra > 0 && isBatch(dim)) {
      throw misfit(op, inputs, `no padding of axis ${axis}, the batch`);
    }
    return isBatch(dim) ? dim : dim + extra;
  });
  return { shape, dtype: "float32" };
};

const expand: ShapeRule<"expand"> = (op, inputs) => {
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
  and: logic,
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
    checkAxes(op, inputs, [op.axis]);
    return unary(op, inputs);
  },
  topK: (op, inputs) => {
    const { shape } = alongLast(op, inputs);
    const last = shape.at(-1)!;
    if (isBatch(last) || !(op.k >= 1 && op.k <= last)) {
      throw misfit(op, inputs, `1 <= ${op.k} <= ${last}`);
    }
    return { shape: [...shape.slice(0, -1), op.k], dtype: "float32" };
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
      shape.length !== 4 || isBatch(channels) ||
      channels % op.groups !== 0 ||
      inputs.slice(1).some((node) => !sameShape(node.shape, [channels]))
    ) {
      throw misfit(
        op,
        inputs,
        `x [B,C,H,W] with C in ${op.groups} groups, scale and bias [C]`,
      );
    }
    return inputs[0];
  },
  matmul,
  conv,
  convTranspose,
  gather: (op, inputs) => {
    expectInputs(op, inputs, [inputs[0]?.dtype ?? "float32", "int32"]);
    const [table, indices] = inputs;
    if (table.shape.length === 0) throw misfit(op, inputs, "a table with rows");
    return {
      shape: [...indices.shape, ...table.shape.slice(1)],
      dtype: table.dtype,
    };
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
    if (size.length !== 2 || size.some(isBatch) || !(op.scale >= 1)) {
      throw misfit(op, inputs, "x [B,C,H,W] and a scale of at least 1");
    }
    const out = size.map((dim) => (dim as number) * op.scale);
    return { shape: [batch, channels, ...out], dtype: "float32" };
  },
};

/** The missing dimension of a reshape, as `-1` in other libraries. */
export function solveDim(shape: Shape, known: Shape): Dim | undefined {
  return divideDim(product(shape), product(known));
}
