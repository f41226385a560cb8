/**
 * The gradient of every operation: from a node and the gradient of the loss
 * with respect to its result, the gradients with respect to its inputs. A
 * result may be of the broadcast shape; the walk in grad.ts sums it.
 */

import {
  averagePoolGradient,
  convGradients,
  convTransposeGradients,
} from "./gradient_conv.ts";
import {
  groupNormGradients,
  layerNormGradients,
  rmsNormGradients,
} from "./gradient_norm.ts";
import {
  concatGradients,
  elementCount,
  gatherGradients,
  inversePermutation,
  keepReduced,
  matmulGradients,
  sliceGradient,
} from "./gradient_places.ts";
import type { Node } from "./node.ts";
import type { OpKind } from "./op.ts";
import {
  add,
  cast,
  cos,
  cumsum,
  div,
  equal,
  erf,
  exp,
  expand,
  gather,
  greater,
  less,
  mul,
  neg,
  reshape,
  reverse,
  select,
  sigmoid,
  sin,
  slice,
  sub,
  sum,
  transpose,
} from "./ops.ts";

type Rule<K extends OpKind> = (
  node: Node<K>,
  dy: Node,
) => readonly (Node | null)[];

/** A function, or why the gradient is zero, or why there is none. */
type Row<K extends OpKind> =
  | Rule<K>
  | { readonly zero: string }
  | { readonly none: string };

const leaf = { zero: "a leaf has no inputs" };
const flat = { zero: "constant wherever it is continuous" };

export const gradientRules: { readonly [K in OpKind]: Row<K> } = {
  input: leaf,
  parameter: leaf,
  constant: leaf,

  neg: (_, dy) => [neg(dy)],
  exp: (y, dy) => [mul(dy, y)],
  log: ({ inputs: [x] }, dy) => [div(dy, x)],
  sqrt: (y, dy) => [div(mul(dy, 0.5), y)],
  abs: ({ inputs: [x] }, dy) => [
    mul(dy, sub(cast(greater(x, 0), "float32"), cast(less(x, 0), "float32"))),
  ],
  sin: ({ inputs: [x] }, dy) => [mul(dy, cos(x))],
  cos: ({ inputs: [x] }, dy) => [neg(mul(dy, sin(x)))],
  tanh: (y, dy) => [mul(dy, sub(1, mul(y, y)))],
  sigmoid: (y, dy) => [mul(dy, mul(y, sub(1, y)))],
  // d erf = 2 / sqrt(pi) * exp(-x^2)
  erf: ({ inputs: [x] }, dy) => [
    mul(dy, mul(exp(neg(mul(x, x))), 2 / Math.sqrt(Math.PI))),
  ],
  relu: (y, dy) => [select(greater(y, 0), dy, 0)],
  // d (x s) = s + x s (1 - s), with s = sigmoid x
  silu: (y, dy) => {
    const s = sigmoid(y.inputs[0]);
    return [mul(dy, add(s, mul(y, sub(1, s))))];
  },
  // d (x P) = P + x p, with P and p the normal distribution and its density,
  // as (1 + erf u + 2 / sqrt(pi) * u exp(-u^2)) / 2 with u = x / sqrt(2)
  gelu: ({ inputs: [x] }, dy) => {
    const u = mul(x, Math.SQRT1_2);
    const density = exp(sub(Math.log(2 / Math.sqrt(Math.PI)), mul(u, u)));
    const twice = add(add(erf(u), 1), mul(u, density));
    return [mul(mul(dy, 0.5), twice)];
  },

  add: (_, dy) => [dy, dy],
  sub: (_, dy) => [dy, neg(dy)],
  mul: ({ inputs: [a, b] }, dy) => [mul(dy, b), mul(dy, a)],
  div: (y, dy) => {
    const da = div(dy, y.inputs[1]);
    return [da, neg(mul(da, y))];
  },
  // Ties go to the first operand, as in TensorFlow.
  maximum: ({ inputs: [a, b] }, dy) => {
    const second = less(a, b);
    return [select(second, 0, dy), select(second, dy, 0)];
  },
  minimum: ({ inputs: [a, b] }, dy) => {
    const second = greater(a, b);
    return [select(second, 0, dy), select(second, dy, 0)];
  },
  equal: flat,
  less: flat,
  greater: flat,
  or: flat,
  not: flat,
  select: ({ inputs: [condition] }, dy) => [
    null,
    select(condition, dy, 0),
    select(condition, 0, dy),
  ],
  cast: { zero: "one side is not a float" },
  stopGradient: { zero: "that is its purpose" },

  sum: (node, dy) => [expand(keepReduced(node, dy), node.inputs[0].shape)],
  mean: (node, dy) => {
    const count = elementCount(node.inputs[0], node.op.axes);
    const share = div(keepReduced(node, dy), count);
    return [expand(share, node.inputs[0].shape)];
  },
  // Equal maxima share the gradient.
  max: (node, dy) => {
    const [x] = node.inputs;
    const hit = cast(equal(x, keepReduced(node, node)), "float32");
    const share = div(
      keepReduced(node, dy),
      sum(hit, node.op.axes, true),
    );
    return [mul(hit, share)];
  },
  argMax: flat,
  cumsum: ({ op }, dy) => [cumsum(dy, op.axis, !op.reverse)],

  softmax: (y, dy) => {
    const weighted = mul(dy, y);
    return [sub(weighted, mul(y, sum(weighted, [-1], true)))];
  },
  logSoftmax: (y, dy) => [sub(dy, mul(exp(y), sum(dy, [-1], true)))],

  layerNorm: layerNormGradients,
  rmsNorm: rmsNormGradients,
  groupNorm: groupNormGradients,

  matmul: matmulGradients,
  conv: convGradients,
  convTranspose: convTransposeGradients,
  maxPool: { none: "networks that are trained here have none" },
  averagePool: (node, dy) => [averagePoolGradient(node, dy)],

  gather: gatherGradients,
  segmentSum: ({ inputs: [, ids] }, dy) => [gather(dy, ids), null],
  reshape: (node, dy) => [reshape(dy, node.inputs[0].shape)],
  transpose: ({ op }, dy) => [
    transpose(dy, inversePermutation(op.permutation)),
  ],
  concat: concatGradients,
  slice: (node, dy) => [sliceGradient(node, dy)],
  pad: (node, dy) => [
    node.op.before.reduce((rest, before, axis) => {
      const size = node.inputs[0].shape[axis];
      return typeof size === "number"
        ? slice(rest, axis, before, before + size)
        : rest;
    }, dy),
  ],
  expand: (_, dy) => [dy],
  reverse: ({ op }, dy) => [reverse(dy, op.axes)],
  resizeNearest: (node, dy) => {
    const [batch, channels, height, width] = node.inputs[0].shape;
    const { scale } = node.op;
    const blocks = reshape(dy, [batch, channels, height, scale, width, scale]);
    return [sum(blocks, [3, 5])];
  },
};
