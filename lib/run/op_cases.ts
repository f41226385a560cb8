/**
 * Small graphs around every operation. The tests run each of them on both
 * engines, and differentiate it.
 */

import { B } from "../graph/dim.ts";
import type { Node } from "../graph/node.ts";
import type { OpKind } from "../graph/op.ts";
import * as g from "../graph/ops.ts";
import { convCases, convTransposeCases, pools } from "./op_cases_conv.ts";
import {
  apart,
  bits,
  distinct,
  distinctToo,
  factors,
  few,
  ids,
  integers,
  type Leaf,
  type MakeLeaf,
  type OpCase,
  positive,
  real,
  wide,
} from "./op_leaves.ts";

function on(build: OpCase["build"], ...leaves: Leaf[]): OpCase {
  return { build, leaves };
}

/** Equal shapes, and every way to stretch. */
function pairs(
  f: (a: Node, b: Node) => Node,
  a: MakeLeaf,
  b: MakeLeaf = a,
): OpCase[] {
  return [
    on(f, a(B, 3), b(B, 3)),
    on(f, a(B, 3), b(3)),
    on(f, a(1), b(2, 3)),
    on(f, a(B, 1), b(1, 3)),
    on(f, a(3), b(B, 2, 1)),
    on(f, a(B, 2), b()),
  ];
}

/** The above, and the same value on both sides. */
function arithmetic(
  f: (a: Node, b: Node) => Node,
  a: MakeLeaf,
  b: MakeLeaf = a,
): OpCase[] {
  return [...pairs(f, a, b), on((x) => f(x, x), b(B, 3))];
}

const norm = [real(B, 3, 5), real(5), real(5)] as const;
const picture = [real(B, 4, 3, 2), real(4), real(4)] as const;

export const opCases: { readonly [K in OpKind]: readonly OpCase[] } = {
  input: [on((x) => x, real(B, 3))],
  parameter: [on((x) => x, real(2, 3))],
  constant: [
    on((x) => g.add(x, g.constant(Float32Array.of(1, 2, 3))), real(B, 3)),
    on((x) => g.add(x, g.constant(Int32Array.of(1, 2, 3))), integers(B, 3)),
    on((x) => g.or(x, g.constant(Uint8Array.of(1, 0, 1))), bits(B, 3)),
    on((x) => g.mul(2, x), real(B, 3)),
  ],

  neg: [on(g.neg, real(B, 3))],
  exp: [on(g.exp, real(B, 3))],
  log: [on(g.log, positive(B, 3))],
  sqrt: [on(g.sqrt, positive(B, 3))],
  abs: [on(g.abs, apart(B, 3))],
  sin: [on(g.sin, real(B, 3))],
  cos: [on(g.cos, real(B, 3))],
  tanh: [on(g.tanh, real(B, 3)), on(g.tanh, wide(B, 9))],
  sigmoid: [on(g.sigmoid, real(B, 3)), on(g.sigmoid, wide(B, 9))],
  erf: [on(g.erf, real(B, 3)), on(g.erf, wide(B, 9))],
  relu: [on(g.relu, apart(B, 3))],
  silu: [on(g.silu, real(B, 3)), on(g.silu, wide(B, 9))],
  gelu: [on(g.gelu, real(B, 3)), on(g.gelu, wide(B, 9))],

  add: [...arithmetic(g.add, real), ...pairs(g.add, integers)],
  sub: [...arithmetic(g.sub, real), ...pairs(g.sub, integers)],
  mul: [...arithmetic(g.mul, real), ...pairs(g.mul, integers)],
  div: [
    ...arithmetic(g.div, real, positive),
    ...pairs(g.div, integers, factors),
  ],
  maximum: [
    ...pairs(g.maximum, distinct, distinctToo),
    ...pairs(g.maximum, integers),
  ],
  minimum: [
    ...pairs(g.minimum, distinct, distinctToo),
    ...pairs(g.minimum, integers),
  ],
  equal: [...pairs(g.equal, few), ...pairs(g.equal, integers)],
  less: [...pairs(g.less, few), ...pairs(g.less, integers)],
  greater: [...pairs(g.greater, few), ...pairs(g.greater, integers)],
  or: pairs(g.or, bits),
  not: [on(g.not, bits(B, 3))],

  select: [
    on(g.select, bits(B, 3), real(B, 3), real(B, 3)),
    on(g.select, bits(B, 1), real(1, 3), real()),
    on(g.select, bits(3), real(B, 2, 1), real(B, 1, 3)),
    on((c, x) => g.select(c, x, 0), bits(2, 3), real(2, 3)),
    on((c, x) => g.select(c, x, g.neg(x)), bits(B, 3), real(3)),
    on(g.select, bits(B, 3), integers(3), integers(B, 3)),
  ],
  cast: [
    on((x) => g.cast(x, "int32"), wide(B, 9)),
    on((x) => g.cast(x, "bool"), few(B, 9)),
    on((x) => g.cast(x, "float32"), integers(B, 3)),
    on((x) => g.cast(x, "bool"), integers(B, 9)),
    on((x) => g.cast(x, "float32"), bits(B, 3)),
    on((x) => g.cast(x, "int32"), bits(B, 3)),
  ],
  stopGradient: [on(g.stopGradient, real(B, 3))],

  sum: reductions(g.sum, real),
  mean: reductions(g.mean, real),
  max: reductions(g.max, distinct),
  argMax: [
    on((x) => g.argMax(x), few(B, 9)),
    on((x) => g.argMax(x, 0), few(B, 3)),
    on((x) => g.argMax(x, 1), distinct(B, 3, 2)),
  ],
  cumsum: [
    on((x) => g.cumsum(x), real(B, 5)),
    on((x) => g.cumsum(x, 0), real(3)),
    on((x) => g.cumsum(x, 1), real(B, 3, 2)),
    on((x) => g.cumsum(x, 0, true), real(B, 3)),
    on((x) => g.cumsum(x, -1, true), real(B, 3, 4)),
  ],

  softmax: [
    on(g.softmax, real(B, 2, 5)),
    on(g.softmax, real(3)),
    on(g.softmax, wide(B, 4)),
  ],
  logSoftmax: [
    on(g.logSoftmax, real(B, 2, 5)),
    on(g.logSoftmax, real(3)),
    on(g.logSoftmax, wide(B, 4)),
  ],

  layerNorm: [
    on((x, scale, bias) => g.layerNorm(x, scale, bias, 1e-5), ...norm),
    on((x) => g.layerNorm(x, x, x, 0.1), real(4)),
  ],
  rmsNorm: [
    on((x, scale) => g.rmsNorm(x, scale, 1e-5), norm[0], norm[1]),
    on((x) => g.rmsNorm(x, x, 0.1), real(4)),
  ],
  groupNorm: [1, 2, 4].map((groups) =>
    on((...args) => {
      const [x, scale, bias] = args;
      return g.groupNorm(x, scale, bias, groups, 1e-3);
    }, ...picture)
  ),

  matmul: matmuls(),
  conv: convCases,
  convTranspose: convTransposeCases,
  maxPool: pools(g.maxPool),
  averagePool: pools(g.averagePool),

  gather: [
    on(g.gather, real(5, 3), ids(5)(B, 2)),
    on(g.gather, real(2), ids(2)(B, 5)),
    on(g.gather, real(3, 2, 2), ids(3)(4)),
    on(g.gather, real(3, 2), ids(3)()),
    on(g.gather, integers(5, 2), ids(5)(B)),
    on(g.gather, bits(5), ids(5)(B, 2)),
  ],
  segmentSum: [
    on((x, i) => g.segmentSum(x, i, 3), real(5, 2), ids(3)(5)),
    on((x, i) => g.segmentSum(x, i, 4), real(B), ids(4)(B)),
    on((x, i) => g.segmentSum(x, i, 2), real(B, 2, 3), ids(2)(B)),
  ],
  reshape: [
    on((x) => g.reshape(x, [B, 2, 3]), real(B, 6)),
    on((x) => g.reshape(x, ["2B", 3]), real(B, 2, 3)),
    on((x) => g.reshape(x, [-1]), real(B, 2, 3)),
    on((x) => g.reshape(x, []), real(1, 1)),
    on((x) => g.reshape(x, [3, 1, 2]), integers(6)),
    on((x) => g.reshape(x, [B, 1, 3]), bits(B, 3)),
  ],
  transpose: [
    on((x) => g.transpose(x, [1, 0]), real(B, 3)),
    on((x) => g.transpose(x, [0, 2, 3, 1]), real(B, 2, 3, 2)),
    on((x) => g.transpose(x, [2, 0, 1]), integers(B, 3, 2)),
    on((x) => g.transpose(x, [0, 3, 1, 4, 2]), real(B, 2, 3, 2, 2)),
    on((x) => g.transpose(x, [0, 3, 1, 4, 2, 5]), real(B, 2, 1, 2, 3, 2)),
    on((x) => g.transpose(x, [0]), bits(B)),
  ],
  concat: [
    on((...parts) => g.concat(parts, 1), real(B, 2), real(B, 1), real(B, 3)),
    on((...parts) => g.concat(parts, 0), real(B, 2), real("2B", 2)),
    on((x) => g.concat([x, g.neg(x), x], -1), real(B, 2, 2)),
    on((...parts) => g.concat(parts, 0), integers(1), integers(3)),
    on((...parts) => g.concat(parts, 1), bits(B, 1), bits(B, 3)),
  ],
  slice: [
    on((x) => g.slice(x, 1, 1, 3), real(B, 4)),
    on((x) => g.slice(x, 1, 1, 7, 2), real(B, 7)),
    on((x) => g.slice(x, 2, 0, 6, 4), real(B, 2, 6)),
    on((x) => g.slice(g.slice(x, 0, 1, 2), 1, 2, 5), real(3, 5)),
    on((x) => g.slice(x, -1, 2, 5, 2), integers(B, 5)),
    on((x) => g.add(...halves(x)), real(B, 4)),
  ],
  pad: [
    on((x) => g.pad(x, [0, 1], [0, 2]), real(B, 3)),
    on((x) => g.pad(x, [0, 0, 1, 0], [0, 2, 0, 1]), real(B, 1, 2, 2)),
    on((x) => g.pad(x, [1, 0, 0, 0, 1], [0, 1, 0, 0, 0]), real(1, 2, 1, 2, 2)),
  ],
  expand: [
    on((x) => g.expand(x, [B, 4]), real(B, 1)),
    on((x, y) => g.mul(g.expand(x, [B, 3]), y), real(3), real(B, 1)),
    on((x) => g.expand(x, [2, 3]), real()),
    on((x) => g.expand(x, [2, 3, 2]), integers(3, 1)),
    on((x) => g.expand(x, [B, 2, 3, 1, 2, 2]), real(B, 1, 3, 1, 1, 2)),
    on((x) => g.expand(x, [2, B]), bits(1, B)),
  ],
  reverse: [
    on((x) => g.reverse(x, [1]), real(B, 3)),
    on((x) => g.reverse(x, [0, 2]), real(B, 2, 3)),
    on((x) => g.add(x, g.reverse(x, [-1])), real(B, 2, 1, 3)),
  ],
  resizeNearest: [1, 2, 3].map((scale) =>
    on((x) => g.resizeNearest(x, scale), real(B, 2, 2, 3))
  ),
};

function halves(x: Node): [Node, Node] {
  const [first, second] = g.split(x, 2, 1);
  return [first, second];
}

function reductions(f: typeof g.sum, leaf: MakeLeaf): OpCase[] {
  return [
    on((x) => f(x), leaf(B, 3, 2)),
    on((x) => f(x, [0]), leaf(B, 3)),
    on((x) => f(x, [-1], true), leaf(B, 2, 3)),
    on((x) => f(x, [1, 0], true), leaf(B, 3, 2)),
    on((x) => f(x, [0, 2, 3]), leaf(B, 2, 2, 2)),
    on((x) => f(x, []), leaf(B, 3)),
    on((x) => f(x), leaf()),
  ];
}

function matmuls(): OpCase[] {
  const transposed = [false, true].flatMap((transposeA) =>
    [false, true].flatMap((transposeB) => {
      const a = transposeA ? [4, 3] : [3, 4];
      const b = transposeB ? [2, 4] : [4, 2];
      const f: OpCase["build"] = (x, y) =>
        g.matmul(x, y, { transposeA, transposeB });
      return [
        on(f, real(...a), real(...b)),
        on(f, real(B, ...a), real(B, ...b)),
        on(f, real(B, ...a), real(...b)),
        on(f, real(...a), real(B, ...b)),
        on(f, real(2, 1, ...a), real(3, ...b)),
        on(f, real(B, 2, ...a), real(B, 1, ...b)),
      ];
    })
  );
  const gram = on(
    (x) => g.matmul(x, x, { transposeB: true }),
    real(B, 3, 2),
  );
  return [...transposed, gram];
}
