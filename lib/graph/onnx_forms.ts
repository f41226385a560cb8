/** The ONNX form of every operation. */

import { isBatch } from "./dim.ts";
import { isKind, type Node } from "./node.ts";
import type { Emitter } from "./onnx_emit.ts";
import { ONNX_TYPES, type OnnxAttribute } from "./onnx_proto.ts";
import type { OpKind, OpOf } from "./op.ts";

/** Emits a node's operation and returns the name of the result. */
type Form<K extends OpKind> = (
  node: Node<K>,
  inputs: readonly string[],
  emitter: Emitter,
) => string;

/** An operation ONNX has under another name. */
function same(
  type: string,
  attributes: Record<string, OnnxAttribute> = {},
): Form<OpKind> {
  return (_, inputs, e) => e.emit(type, inputs, attributes);
}

function reduce(type: string): Form<"sum" | "mean" | "max"> {
  return ({ op }, inputs, e) =>
    op.axes.length === 0 ? inputs[0] : e.emit(
      type,
      [...inputs, e.integers(op.axes)],
      { keepdims: { int: op.keepDims ? 1 : 0 } },
    );
}

function isZero(node: Node): boolean {
  return isKind(node, "constant") && node.op.values.every((v) => v === 0);
}

function convolution(
  op: OpOf<"conv"> | OpOf<"convTranspose">,
): Record<string, OnnxAttribute> {
  return {
    strides: { ints: op.stride },
    pads: { ints: op.padding },
    group: { int: op.groups },
  };
}

/** Neither counts what the padding adds. */
function pool(type: string): Form<"maxPool" | "averagePool"> {
  return ({ op }, inputs, e) =>
    e.emit(type, inputs, {
      kernel_shape: { ints: op.window },
      strides: { ints: op.stride },
      pads: { ints: op.padding },
    });
}

/** Drops a bias of zeros, which the runtime would add. */
function withoutZeroBias(node: Node, inputs: readonly string[]): string[] {
  return isZero(node.inputs[2]) ? inputs.slice(0, 2) : [...inputs];
}

/** The most negative 64-bit integer: "up to and including the first". */
const BEFORE_FIRST = BigInt64Array.of(-(2n ** 63n));

const LAST_AXIS = { axis: { int: -1 } };

function leaf(node: Node): never {
  throw new TypeError(`${node.op.kind} is emitted by the emitter itself`);
}

/** The runtime's matrix product that reads either side transposed. */
const matmul: Form<"matmul"> = ({ op }, inputs, e) => {
  if (!op.transposeA && !op.transposeB) return e.emit("MatMul", inputs);
  const attributes = {
    transA: { int: op.transposeA ? 1 : 0 },
    transB: { int: op.transposeB ? 1 : 0 },
  };
  return e.emit("FusedMatMul", inputs, attributes, {
    domain: "com.microsoft",
  });
};

/** InstanceNormalization over [B, G, C/G*H*W], then scale and bias. */
const groupNorm: Form<"groupNorm"> = (node, [x, scale, bias], e) => {
  const { groups, epsilon } = node.op;
  const [, channels, height, width] = node.shape as number[];
  const ones = new Float32Array(groups).fill(1);
  const grouped = e.emit("Reshape", [x, e.integers([0, groups, -1])]);
  const normal = e.emit("InstanceNormalization", [
    grouped,
    e.constant("float32", [groups], ones),
    e.constant("float32", [groups], new Float32Array(groups)),
  ], { epsilon: { float: epsilon } });
  const back = e.emit("Reshape", [
    normal,
    e.integers([0, channels, height, width]),
  ]);
  const perChannel = e.integers([channels, 1, 1]);
  const scaled = e.emit("Mul", [back, e.emit("Reshape", [scale, perChannel])]);
  return e.emit("Add", [scaled, e.emit("Reshape", [bias, perChannel])]);
};

const slice: Form<"slice"> = ({ op, inputs: [from], shape }, inputs, e) => {
  const axes = shape.flatMap((dim, axis) =>
    dim === from.shape[axis] ? [] : [axis]
  );
  const at = (values: readonly number[]) =>
    e.integers(axes.map((axis) => values[axis]));
  return e.emit("Slice", [
    inputs[0],
    at(op.starts),
    at(op.ends),
    e.integers(axes),
    at(op.steps),
  ]);
};

const segmentSum: Form<"segmentSum"> = (node, [x, ids], e) => {
  const { inputs: [{ shape: [count, ...rest] }], shape } = node;
  const zero = e.constant("float32", [], Float32Array.of(0));
  const column = e.emit("Reshape", [
    ids,
    e.integers([-1, ...rest.map(() => 1)]),
  ]);
  return e.emit("ScatterElements", [
    e.emit("Expand", [zero, e.shape(shape)]),
    e.emit("Expand", [column, e.shape([count, ...rest])]),
    x,
  ], { axis: { int: 0 }, reduction: { string: "add" } });
};

export const onnxForms: { readonly [K in OpKind]: Form<K> } = {
  input: leaf,
  parameter: leaf,
  constant: (node, _, e) =>
    e.constant(
      node.dtype,
      node.shape as number[],
      node.op.values as ArrayBufferView<ArrayBuffer>,
    ),

  neg: same("Neg"),
  exp: same("Exp"),
  log: same("Log"),
  sqrt: same("Sqrt"),
  abs: same("Abs"),
  sin: same("Sin"),
  cos: same("Cos"),
  tanh: same("Tanh"),
  sigmoid: same("Sigmoid"),
  erf: same("Erf"),
  relu: same("Relu"),
  silu: (_, [x], e) => e.emit("Mul", [x, e.emit("Sigmoid", [x])]),
  gelu: same("Gelu"),

  add: same("Add"),
  sub: same("Sub"),
  mul: same("Mul"),
  div: same("Div"),
  maximum: same("Max"),
  minimum: same("Min"),
  equal: same("Equal"),
  less: same("Less"),
  greater: same("Greater"),
  or: same("Or"),

  not: same("Not"),
  select: same("Where"),
  cast: ({ op }, inputs, e) =>
    e.emit("Cast", inputs, { to: { int: ONNX_TYPES[op.to] } }),
  stopGradient: (_, [x]) => x,

  sum: reduce("ReduceSum"),
  mean: reduce("ReduceMean"),
  max: reduce("ReduceMax"),
  argMax: ({ op }, inputs, e) => {
    const index = e.emit("ArgMax", inputs, {
      axis: { int: op.axis },
      keepdims: { int: 0 },
    });
    return e.emit("Cast", [index], { to: { int: ONNX_TYPES.int32 } });
  },
  cumsum: ({ op }, [x], e) => {
    const axis = e.constant("int64", [], BigInt64Array.of(BigInt(op.axis)));
    return e.emit("CumSum", [x, axis], {
      reverse: { int: op.reverse ? 1 : 0 },
    });
  },

  softmax: same("Softmax", LAST_AXIS),
  logSoftmax: same("LogSoftmax", LAST_AXIS),

  layerNorm: ({ op }, inputs, e) =>
    e.emit("LayerNormalization", inputs, {
      ...LAST_AXIS,
      epsilon: { float: op.epsilon },
    }),
  rmsNorm: ({ op }, inputs, e) =>
    e.emit("RMSNormalization", inputs, {
      ...LAST_AXIS,
      epsilon: { float: op.epsilon },
    }),
  groupNorm,

  matmul,
  conv: (node, inputs, e) =>
    e.emit("Conv", withoutZeroBias(node, inputs), convolution(node.op)),
  convTranspose: (node, inputs, e) =>
    e.emit("ConvTranspose", withoutZeroBias(node, inputs), {
      ...convolution(node.op),
      output_padding: { ints: node.op.outputPadding },
    }),

  maxPool: pool("MaxPool"),
  averagePool: pool("AveragePool"),

  gather: same("Gather"),
  segmentSum,
  reshape: ({ op }, [x], e) => {
    const target = op.shape.map((dim) => isBatch(dim) ? -1 : dim);
    return e.emit("Reshape", [x, e.integers(target)]);
  },
  transpose: ({ op }, inputs, e) =>
    e.emit("Transpose", inputs, { perm: { ints: op.permutation } }),
  concat: ({ op }, inputs, e) =>
    e.emit("Concat", inputs, { axis: { int: op.axis } }),
  slice,
  pad: ({ op }, [x], e) =>
    e.emit("Pad", [x, e.integers([...op.before, ...op.after])]),
  expand: ({ op }, [x], e) => e.emit("Expand", [x, e.shape(op.shape)]),
  reverse: ({ op }, [x], e) => {
    const backwards = e.integers(op.axes.map(() => -1));
    const ends = new BigInt64Array(op.axes.length).fill(BEFORE_FIRST[0]);
    return e.emit("Slice", [
      x,
      backwards,
      e.constant("int64", [op.axes.length], ends),
      e.integers(op.axes),
      backwards,
    ]);
  },
  resizeNearest: ({ op }, [x], e) => {
    const scales = Float32Array.of(1, 1, op.scale, op.scale);
    return e.emit("Resize", [x, "", e.constant("float32", [4], scales)], {
      mode: { string: "nearest" },
      nearest_mode: { string: "floor" },
      coordinate_transformation_mode: { string: "asymmetric" },
    });
  },
};
