/** Every operation in TensorFlow.js, composed where it has no such kernel. */

import { dtypeOf } from "../graph/dtype.ts";
import type { OpKind, OpOf } from "../graph/op.ts";
import { tf } from "./tf.ts";
import { tfConv, tfConvTranspose } from "./tf_conv.ts";
import { tfAveragePool, tfMaxPool } from "./tf_pool.ts";

/** Operations that compute; the other leaves get their value from outside. */
export type ComputedKind = Exclude<OpKind, "input" | "parameter">;

type TfForm<K extends OpKind> = (
  op: OpOf<K>,
  inputs: tf.Tensor[],
  /** What the shape rule says, with the batch bound. */
  shape: number[],
) => tf.Tensor;

/** Applies one operation; temporaries are the caller's to tidy. */
export function applyTfForm(
  op: OpOf<ComputedKind>,
  inputs: tf.Tensor[],
  shape: number[],
): tf.Tensor {
  return tfForms[op.kind](op as never, inputs, shape);
}

function unary(f: (x: tf.Tensor) => tf.Tensor): TfForm<OpKind> {
  return (_, [x]) => f(x);
}

function binary(
  f: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
): TfForm<OpKind> {
  return (_, [a, b]) => f(a, b);
}

/** Integers divide towards zero, where tf.div rounds down. */
function divide(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  if (a.dtype !== "int32") return tf.div(a, b);
  const quotient = tf.floorDiv(tf.abs(a), tf.abs(b));
  const negative = tf.notEqual(tf.less(a, 0), tf.less(b, 0));
  return tf.where(negative, tf.neg(quotient), quotient);
}

function gelu(x: tf.Tensor): tf.Tensor {
  const twiceCdf = tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1);
  return tf.mul(tf.mul(x, 0.5), twiceCdf);
}

/** (x - mean) / sqrt(variance + epsilon) over the last axis. */
function normalize(x: tf.Tensor, epsilon: number): tf.Tensor {
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const variance = tf.mean(tf.square(centred), -1, true);
  return tf.div(centred, tf.sqrt(tf.add(variance, epsilon)));
}

const groupNorm: TfForm<"groupNorm"> = (op, [x, scale, bias], shape) => {
  const [batch, channels] = shape;
  const grouped = tf.reshape(x, [batch, op.groups, -1]); // [B,G,C/G*H*W]
  const y = tf.reshape(normalize(grouped, op.epsilon), shape);
  const perChannel = [channels, 1, 1];
  return tf.add(
    tf.mul(y, tf.reshape(scale, perChannel)),
    tf.reshape(bias, perChannel),
  );
};

/** Along the last axis: on others the library's own gradient is wrong. */
const cumsum: TfForm<"cumsum"> = (op, [x]) => {
  const last = x.rank - 1;
  const swap = x.shape.map((_, axis) => axis).with(op.axis, last)
    .with(last, op.axis);
  const sums = tf.cumsum(tf.transpose(x, swap), last, false, op.reverse);
  return tf.transpose(sums, swap);
};

/** Broadcasts leading axes itself: the library's kernel mistakes [2,1] [1,3]. */
const matmul: TfForm<"matmul"> = (op, [a, b], shape) => {
  const { transposeA, transposeB } = op;
  if (b.rank === 2 && !transposeA) {
    const rows = tf.reshape(a, [-1, a.shape.at(-1)!]);
    return tf.reshape(tf.matMul(rows, b, false, transposeB), shape);
  }
  const leading = shape.slice(0, -2);
  const [wideA, wideB] = [a, b].map((x) =>
    tf.broadcastTo(x, [...leading, ...x.shape.slice(-2)])
  );
  return tf.matMul(wideA, wideB, transposeA, transposeB);
};

/** Rows of a table; the library takes an index out of range for zeros. */
const gather: TfForm<"gather"> = (_, [table, indices], shape) => {
  const [rows] = table.shape;
  const wrong = indices.dataSync().find((index) => index < 0 || index >= rows);
  if (wrong !== undefined) {
    throw new RangeError(
      `Cannot gather row ${wrong} of a table with ${rows} rows`,
    );
  }
  return tf.reshape(tf.gather(table, tf.reshape(indices, [-1])), shape);
};

/** Sums by id, of the library's kernel for matrices. */
const segmentSum: TfForm<"segmentSum"> = ({ segments }, [x, ids], shape) => {
  const rows = tf.reshape(x, [x.shape[0], -1]);
  const sums = tf.unsortedSegmentSum(rows, tf.reshape(ids, [-1]), segments);
  return tf.reshape(sums, shape);
};

const slice: TfForm<"slice"> = (op, [x], shape) => {
  const starts = [...op.starts];
  if (op.steps.every((step) => step === 1)) return tf.slice(x, starts, shape);
  const ends = op.ends.map((end, axis) => Math.min(end, x.shape[axis]));
  return tf.stridedSlice(x, starts, ends, [...op.steps]);
};

const resizeNearest: TfForm<"resizeNearest"> = (op, [x], shape) => {
  const width = x.shape.at(-1)!;
  const rows = tf.reshape(x, [-1, 1, width, 1]); // [B*C*H,1,W,1]
  return tf.reshape(tf.tile(rows, [1, op.scale, 1, op.scale]), shape);
};

const tfForms: { readonly [K in ComputedKind]: TfForm<K> } = {
  constant: ({ values }, _, shape) => tf.tensor(values, shape, dtypeOf(values)),
  neg: unary(tf.neg),
  exp: unary(tf.exp),
  log: unary(tf.log),
  sqrt: unary(tf.sqrt),
  abs: unary(tf.abs),
  sin: unary(tf.sin),
  cos: unary(tf.cos),
  tanh: unary(tf.tanh),
  sigmoid: unary(tf.sigmoid),
  erf: unary(tf.erf),
  relu: unary(tf.relu),
  silu: unary((x) => tf.mul(x, tf.sigmoid(x))),
  gelu: unary(gelu),
  add: binary(tf.add),
  sub: binary(tf.sub),
  mul: binary(tf.mul),
  div: binary(divide),
  maximum: binary(tf.maximum),
  minimum: binary(tf.minimum),
  equal: binary(tf.equal),
  less: binary(tf.less),
  greater: binary(tf.greater),
  or: binary(tf.logicalOr),
  not: unary(tf.logicalNot),
  select: (_, [condition, a, b]) => tf.where(condition, a, b),
  cast: (op, [x]) => tf.cast(x, op.to),
  stopGradient: unary((x) => x.clone()),
  sum: (op, [x]) => tf.sum(x, [...op.axes], op.keepDims),
  mean: (op, [x]) => tf.mean(x, [...op.axes], op.keepDims),
  max: (op, [x]) => tf.max(x, [...op.axes], op.keepDims),
  argMax: (op, [x]) => tf.argMax(x, op.axis),
  cumsum,
  softmax: unary((x) => tf.softmax(x)),
  logSoftmax: unary((x) => tf.logSoftmax(x)),
  layerNorm: (op, [x, scale, bias]) =>
    tf.add(tf.mul(normalize(x, op.epsilon), scale), bias),
  rmsNorm: (op, [x, scale]) => {
    const power = tf.mean(tf.square(x), -1, true);
    return tf.mul(tf.div(x, tf.sqrt(tf.add(power, op.epsilon))), scale);
  },
  groupNorm,
  matmul,
  conv: tfConv,
  convTranspose: tfConvTranspose,
  maxPool: tfMaxPool,
  averagePool: tfAveragePool,
  gather,
  segmentSum,
  reshape: (_, [x], shape) => tf.reshape(x, shape),
  transpose: (op, [x]) => tf.transpose(x, [...op.permutation]),
  concat: (op, inputs) => tf.concat(inputs, op.axis),
  slice,
  pad: (op, [x]) =>
    tf.pad(x, op.before.map((before, axis) => [before, op.after[axis]])),
  expand: (_, [x], shape) => tf.broadcastTo(x, shape),
  reverse: (op, [x]) => tf.reverse(x, [...op.axes]),
  resizeNearest,
};
