import assert from "node:assert/strict";
import { B, type Shape } from "./dim.ts";
import { isKind, makeNode, type Node } from "./node.ts";
import type { DType, Op, OpKind } from "./op.ts";
import * as g from "./ops.ts";
import { printType } from "./print.ts";

function of(dtype: DType, ...shape: Shape): Node {
  return g.input("x", shape, dtype);
}

const f = (...shape: Shape) => of("float32", ...shape);
const i = (...shape: Shape) => of("int32", ...shape);
const b = (...shape: Shape) => of("bool", ...shape);

/** An operation on these inputs, or its error. */
type Refusal = readonly [() => Node, string];

const needsFloat = (kind: OpKind, apply: (x: Node) => Node): Refusal[] => [
  [() => apply(i(2)), `${kind} to (int32[2]): wanted (float32)`],
];

const needsEqual = (
  kind: OpKind,
  apply: (x: Node, y: Node) => Node,
): Refusal[] => [
  [() => apply(f(B, 2), f(3)), `(float32[B,2], float32[3]): wanted shapes`],
  [() => apply(f(B), f("2B")), `${kind} to (float32[B], float32[2B])`],
  [() => apply(f(2), i(2)), `(float32[2], int32[2]): wanted (float32, float`],
  [() => apply(i(2), b(2)), `(int32[2], bool[2]): wanted (int32, int32)`],
  [() => apply(b(2), b(2)), `wanted (float32, float32)`],
];

const needsBools = (apply: (x: Node, y: Node) => Node): Refusal[] => [
  [() => apply(b(2), f(2)), `(bool[2], float32[2]): wanted (bool, bool)`],
  [() => apply(b(B, 2), b(3)), `(bool[B,2], bool[3]): wanted shapes that`],
];

const needsAxes = (
  kind: OpKind,
  apply: (x: Node, axis: number) => Node,
): Refusal[] => [
  [() => apply(f(2, 3), 2), `${kind} to (float32[2,3]): wanted ascending`],
  [() => apply(f(2, 3), -3), `axes below 2, not [-1]`],
  [() => apply(i(2, 3), 0), `(int32[2,3]): wanted (float32)`],
];

const conv = (x: Shape, kernel: Shape, options?: g.ConvOptions) => () =>
  g.conv(f(...x), f(...kernel), undefined, options);
const convTranspose = (
  x: Shape,
  kernel: Shape,
  options?: Parameters<typeof g.convTranspose>[3],
) =>
() => g.convTranspose(f(...x), f(...kernel), undefined, options);

const leafRefusals: Refusal[] = [
  [() => f(0, 2), `input x of shape [0,2]: wanted positive integers`],
  [() => f(1.5), `shape [1.5]`],
  [() => f("0B"), `shape [0B]`],
];

const refusals: { readonly [K in OpKind]: readonly Refusal[] } = {
  input: leafRefusals,
  parameter: [[() => g.parameter("w", [-1]), `parameter w of shape [-1]`]],
  constant: [
    [() => g.constant(Int32Array.of(1, 2), [3]), `needs 3 values, found 2`],
    [() => g.constant(new Float32Array()), `constant of shape [0]`],
  ],

  neg: needsFloat("neg", g.neg),
  exp: needsFloat("exp", g.exp),
  log: needsFloat("log", g.log),
  sqrt: needsFloat("sqrt", g.sqrt),
  abs: needsFloat("abs", g.abs),
  sin: needsFloat("sin", g.sin),
  cos: needsFloat("cos", g.cos),
  tanh: needsFloat("tanh", g.tanh),
  sigmoid: needsFloat("sigmoid", g.sigmoid),
  erf: needsFloat("erf", g.erf),
  relu: needsFloat("relu", g.relu),
  silu: needsFloat("silu", g.silu),
  gelu: needsFloat("gelu", g.gelu),

  add: needsEqual("add", g.add),
  sub: needsEqual("sub", g.sub),
  mul: needsEqual("mul", g.mul),
  div: needsEqual("div", g.div),
  maximum: needsEqual("maximum", g.maximum),
  minimum: needsEqual("minimum", g.minimum),
  equal: needsEqual("equal", g.equal),
  less: needsEqual("less", g.less),
  greater: needsEqual("greater", g.greater),
  or: needsBools(g.or),

  not: [[() => g.not(f(2)), `not to (float32[2]): wanted (bool)`]],
  select: [
    [() => g.select(f(2), f(2), f(2)), `wanted (bool, float32, float32)`],
    [() => g.select(b(2), f(2), i(2)), `(bool[2], float32[2], int32[2])`],
    [() => g.select(b(3), f(B, 2), 0), `select to (bool[3], float32[B,2], `],
  ],
  cast: [[() => makeNode({ kind: "cast", to: "bool" }, []), `cast to ()`]],
  stopGradient: [
    [() => makeNode({ kind: "stopGradient" }, []), `stopGradient to ()`],
  ],

  sum: needsAxes("sum", (x, axis) => g.sum(x, [axis])),
  mean: needsAxes("mean", (x, axis) => g.mean(x, [axis])),
  max: [
    ...needsAxes("max", (x, axis) => g.max(x, [axis])),
    [() => g.max(f(2, 3), [1, 1]), `not [1,1]`],
  ],
  argMax: needsAxes("argMax", g.argMax),
  cumsum: needsAxes("cumsum", g.cumsum),

  softmax: [[() => g.softmax(f()), `softmax to (float32[]): wanted at least`]],
  logSoftmax: [[() => g.logSoftmax(f()), `logSoftmax to (float32[])`]],
  layerNorm: [
    [
      () => g.layerNorm(f(B, 4), f(4), f(3), 0),
      `layerNorm to (float32[B,4], float32[4], float32[3]): wanted scale and ` +
      `bias of shape [4]`,
    ],
    [() => g.layerNorm(f(), f(1), f(1), 0), `layerNorm to (float32[], `],
    [() => g.layerNorm(f(4), f(4), f(4), NaN), `epsilon from 0 on, not NaN`],
  ],
  rmsNorm: [
    [() => g.rmsNorm(f(B, 4), f(1, 4), 0), `scale and bias of shape [4]`],
    [() => g.rmsNorm(f(4), f(4), Infinity), `from 0 on, not Infinity`],
  ],
  groupNorm: [
    [() => g.groupNorm(f(B, 4, 2, 2), f(4), f(4), 3, 0), `C in 3 groups`],
    [() => g.groupNorm(f(B, 4, 2, 2), f(2), f(4), 2, 0), `scale and bias [C]`],
    [() => g.groupNorm(f(B, 4, 2), f(4), f(4), 2, 0), `(float32[B,4,2], `],
    [() => g.groupNorm(f(B, 4, 2, 2), f(4), f(4), -2, 0), `C in -2 groups`],
    [() => g.groupNorm(f(B, 4, 2, 2), f(4), f(4), 0.5, 0), `C in 0.5 groups`],
    [() => g.groupNorm(f(B, 4, 2, 2), f(4), f(4), 2, -1), `epsilon from 0 on`],
  ],

  matmul: [
    [() => g.matmul(f(2, 3), f(4, 5)), `inner dimensions, not 3, 4`],
    [
      () => g.matmul(f(B, 2, 3), f(B, 2, 3)),
      `matmul to (float32[B,2,3], float32[B,2,3]): wanted equal inner`,
    ],
    [() => g.matmul(f(2, 3, 4), f(5, 4, 3)), `leading axes that broadcast`],
    [() => g.matmul(f(3), f(3, 2)), `at least two axes on both sides`],
    [() => g.matmul(i(2, 2), f(2, 2)), `wanted (float32, float32)`],
  ],
  conv: [
    [conv([B, 3, 8], [4, 3, 3, 3]), `conv to (float32[B,3,8], `],
    [conv([B, 3, 8, 8], [4, 2, 3, 3]), `kernel [O,3/1,h,w] and bias [O]`],
    [conv([B, 4, 8, 8], [3, 2, 3, 3], { groups: 2 }), `kernel [O,4/2,h,w]`],
    [conv([B, 3, 2, 2], [4, 3, 3, 3]), `no smaller than the kernel`],
    [conv([B, 3, "2B", 8], [4, 3, 3, 3]), `batch in the first axis only`],
    [conv([B, 3, 8, 8], [4, 3, 3, 3], { stride: 0 }), `not [0,0], 1, `],
    [conv([B, 3, 8, 8], [4, 3, 3, 3], { padding: -1 }), `padding from 0`],
    [conv([B, 3, 8, 8], []), `conv to (float32[B,3,8,8], float32[], `],
    [
      () => g.conv(f(B, 3, 8, 8), f(4, 3, 3, 3), f(3)),
      `(float32[B,3,8,8], float32[4,3,3,3], float32[3])`,
    ],
  ],
  convTranspose: [
    [convTranspose([B, 3, 8, 8], [4, 3, 3, 3]), `kernel [3,O/groups,h,w]`],
    [convTranspose([B, 3, 4, 4], [3, 1, 2, 2], { groups: 2 }), `kernel [3,O`],
    [convTranspose([B, 1, 1, 1], [1, 1, 2, 2], { padding: 1 }), `less padding`],
    [
      convTranspose([B, 1, 2, 2], [1, 1, 2, 2], { outputPadding: [0, 1] }),
      `outputPadding below the stride [1,1], not [0,1]`,
    ],
    [
      convTranspose([B, 1, 2, 2], [1, 1, 2, 2], { outputPadding: [0.5, 0.5] }),
      `a whole outputPadding below the stride [1,1], not [0.5,0.5]`,
    ],
  ],

  maxPool: [
    [() => g.maxPool(f(B, 2, 2), 2), `maxPool to (float32[B,2,2]): wanted x`],
    [() => g.maxPool(f(B, 2, "2B", 2), 2), `the batch in the first axis only`],
    [() => g.maxPool(i(B, 2, 2, 2), 2), `maxPool to (int32[B,2,2,2])`],
    [() => g.maxPool(f(B, 2, 2, 2), 0), `not [0,0], [1,1], [0,0,0,0]`],
    [() => g.maxPool(f(B, 2, 2, 2), 3), `no smaller than the window`],
  ],
  averagePool: [
    [() => g.averagePool(f(2, 2), 2), `averagePool to (float32[2,2]): wanted`],
    [
      () => g.averagePool(f(B, 2, 2, 2), 2, { stride: 0.5 }),
      `not [2,2], [0.5,0.5], [0,0,0,0]`,
    ],
    [
      () => g.averagePool(f(B, 2, 2, 2), 2, { padding: [0, 0, 2, 0] }),
      `below the window, not [2,2], [1,1], [0,0,2,0]`,
    ],
    [() => g.averagePool(f(B, 2, 2, 2), 2, { padding: -1 }), `padding from 0`],
  ],
  gather: [
    [() => g.gather(f(3, 2), f(3)), `wanted (float32, int32)`],
    [() => g.gather(f(), i(3)), `a table with a fixed number of rows`],
    [() => g.gather(f(B, 2), i(3)), `gather to (float32[B,2], int32[3])`],
  ],
  segmentSum: [
    [() => g.segmentSum(f(3, 2), f(3), 2), `wanted (float32, int32)`],
    [() => g.segmentSum(f(3, 2), i(2), 2), `x [n, ...], ids [n]`],
    [() => g.segmentSum(f(3, 2), i(3, 1), 2), `x [n, ...], ids [n]`],
    [() => g.segmentSum(f(), i(), 2), `x [n, ...], ids [n]`],
    [() => g.segmentSum(f(3, 2), i(3), 0), `a number of sums, not 0`],
  ],
  reshape: [
    [() => g.reshape(f(B, 6), [B, 4]), `reshape to (float32[B,6]): wanted 6B`],
    [() => g.reshape(f(6), [-2, -3]), `not [-2,-3]`],
    [() => g.reshape(f(6), [4, -1]), `a size for the -1 in [4,-1]`],
    [() => g.reshape(f(6), [-1, -1]), `-1 in [-1,-1]`],
    [() => g.reshape(f(6), [B, -1]), `-1 in [B,-1]`],
    [() => g.reshape(f(B, B), [-1]), `reshape to (float32[B,B])`],
    [() => g.reshape(f(4), [B, B]), `the batch in one dimension`],
  ],
  transpose: [
    [() => g.transpose(f(2, 3), [0, 0]), `a permutation, not [0,0]`],
    [() => g.transpose(f(2, 3), [0]), `transpose to (float32[2,3])`],
    [() => g.transpose(f(2, 3), [1, 2]), `a permutation, not [1,2]`],
    [() => g.transpose(f(2, 3), [1, -1]), `a permutation, not [1,1]`],
  ],
  concat: [
    [() => g.concat([], 0), `concat to ()`],
    [() => g.concat([f(2, 3), f(2, 4)], 0), `shapes equal but for axis 0`],
    [() => g.concat([f(2), i(2)], 0), `concat to (float32[2], int32[2])`],
    [() => g.concat([f(B), f(2)], 0), `(float32[B], float32[2])`],
    [() => g.concat([f(2), f(2, 1)], 0), `(float32[2], float32[2,1])`],
    [() => g.concat([f(2), f(2)], 1), `ascending axes below 1, not [1]`],
  ],
  slice: [
    [() => g.slice(f(4), 0, 2, 5), `slice to (float32[4]): wanted 0 <= 2 < 5`],
    [() => g.slice(f(4), 0, 2, 2), `0 <= 2 < 2 <= 4`],
    [() => g.slice(f(4), 0, -1, 2), `0 <= -1 < 2 <= 4`],
    [() => g.slice(f(4), 0, 0, 1.5), `0 <= 0 < 1.5 <= 4`],
    [() => g.slice(f(4), 0, 0, 4, 0), `a step, not 0`],
    [() => g.slice(f(B, 4), 0, 0, 1), `the whole of axis 0, the batch`],
    [() => g.slice(f(4), 1, 0, 1), `slice to [4]: it has no axis 1`],
    [
      () => g.split(f("2B", 3), 2, 0)[0],
      `split [2B,3] into 2 parts along axis 0: wanted an axis of fixed length`,
    ],
    [() => g.split(f(3), 2, 0)[0], `[3] into 2 parts along axis 0: wanted`],
    [() => g.split(f(3), 0.5, -1)[0], `[3] into 0.5 parts along axis -1`],
    [() => g.split(f(3), -3, 0)[0], `[3] into -3 parts`],
    [() => g.split(f(3), 3, 1)[0], `[3] into 3 parts along axis 1`],
    [
      () => makeNode({ kind: "slice", starts: [], ends: [], steps: [] }, [f()]),
      `slice to (float32[]): wanted at least one axis`,
    ],
  ],
  pad: [
    [() => g.pad(f(2, 2), [1], [1]), `an entry for each, not [1], [1]`],
    [() => g.pad(f(2), [-1], [0]), `non-negative padding`],
    [() => g.pad(f(2), [0.5], [0]), `non-negative padding`],
    [() => g.pad(f(B), [0], [1]), `no padding of axis 0, the batch`],
    [() => g.pad(f(), [], []), `pad to (float32[]): wanted at least one axis`],
    [() => g.pad(i(2), [0], [1]), `pad to (int32[2]): wanted (float32)`],
  ],
  expand: [
    [() => g.expand(f(2), [3]), `expand to (float32[2]): wanted a shape that`],
    [() => g.expand(f(2, 1), [2]), `stretches to [2]`],
    [() => g.expand(f(1), [0]), `positive integers and multiples of the batch`],
    [() => g.expand(f(B), ["2B"]), `stretches to [2B]`],
  ],
  reverse: needsAxes("reverse", (x, axis) => g.reverse(x, [axis])),
  resizeNearest: [
    [() => g.resizeNearest(f(B, 2, 2), 2), `resizeNearest to (float32[B,2,2])`],
    [() => g.resizeNearest(f(B, 2, 2, 2), 0.5), `a scale, not 0.5`],
    [() => g.resizeNearest(f(B, 2, 2, 2), 0), `a scale, not 0`],
  ],
};

for (const [kind, rows] of Object.entries(refusals)) {
  Deno.test(`${kind} refuses what doesn't fit, and names it`, () => {
    for (const [apply, message] of rows) {
      assert.throws(apply, (error: Error) => {
        assert.match(error.name, /^(RangeError|TypeError)$/);
        assert(error.message.startsWith("Cannot "), error.message);
        assert(error.message.includes(message), error.message);
        return true;
      });
    }
  });
}

/** Node, and its type as it is printed. */
const types: readonly (readonly [Node, string])[] = [
  [g.add(f(B, 1, 3), f(2, 1)), "float32[B,2,3]"],
  [g.equal(i(B, 1), i(3)), "bool[B,3]"],
  [g.select(b(B, 1), i(3), 0), "int32[B,3]"],
  [g.cast(b(B), "float32"), "float32[B]"],
  [g.sum(f(B, 2, 3)), "float32[]"],
  [g.mean(f(B, 2, 3), [-1, 0]), "float32[2]"],
  [g.max(f(B, 2, 3), [1], true), "float32[B,1,3]"],
  [g.argMax(f(B, 2, 3), 1), "int32[B,3]"],
  [g.matmul(f(B, 2, 3), f(3, 4)), "float32[B,2,4]"],
  [
    g.matmul(f(B, 3, 2), f(5, 1, 4, 3), {
      transposeA: true,
      transposeB: true,
    }),
    "float32[5,B,2,4]",
  ],
  [conv([B, 4, 9, 8], [6, 2, 3, 3], { stride: [2, 1], groups: 2 })(), "6,4,6]"],
  [conv([B, 1, 4, 4], [1, 1, 3, 2], { padding: [0, 1, 2, 0] })(), "B,1,4,4]"],
  [convTranspose([B, 4, 3, 3], [4, 3, 4, 4], { groups: 2 })(), "B,6,6,6]"],
  [
    convTranspose([B, 1, 3, 3], [1, 2, 3, 3], {
      stride: 2,
      padding: 1,
      outputPadding: [1, 0],
    })(),
    "float32[B,2,6,5]",
  ],
  [g.maxPool(f(B, 2, 8, 7), 3, { stride: 2 }), "float32[B,2,3,3]"],
  [
    g.averagePool(f(B, 2, 8, 7), 3, { padding: [0, 1, 2, 0] }),
    "float32[B,2,8,6]",
  ],
  [g.gather(b(5, 2), i(B, 3)), "bool[B,3,2]"],
  [g.segmentSum(f(B, 2), i(B), 5), "float32[5,2]"],
  [g.reshape(f(B, 6), [-1, 3]), "float32[2B,3]"],
  [g.reshape(f("4B", 3), ["2B", -1]), "float32[2B,6]"],
  [g.transpose(f(B, 2, 3), [2, 0, 1]), "float32[3,B,2]"],
  [g.transpose(f(B, 2, 3), [-1, 0, -2]), "float32[3,B,2]"],
  [g.split(f(B, 6), 3, -1)[2], "float32[B,2]"],
  [g.concat([f(B, 2), f("2B", 2)], 0), "float32[3B,2]"],
  [g.slice(f(B, 7), -1, 1, 7, 2), "float32[B,3]"],
  [g.pad(f(B, 2), [0, 1], [0, 2]), "float32[B,5]"],
  [g.expand(i(3, 1), [B, 3, 2]), "int32[B,3,2]"],
  [g.resizeNearest(f(B, 2, 3, 4), 3), "float32[B,2,9,12]"],
];

Deno.test("integers take whole numbers of 32 bits only", () => {
  const builders = [g.mul, g.less, g.maximum];
  for (const number of [0.5, NaN, -Infinity, 2 ** 31]) {
    for (
      const apply of [
        ...builders.map((build) => () => build(i(3), number)),
        ...builders.map((build) => () => build(number, i(3))),
        () => g.select(b(3), i(3), number),
        () => g.select(b(3), number, i(3)),
      ]
    ) {
      assert.throws(apply, {
        name: "RangeError",
        message: `Cannot use ${number} with an int32 node: wanted a whole ` +
          `number of 32 bits; cast the node to float32 first`,
      });
    }
  }
  for (const number of [-0, -(2 ** 31), 2 ** 31 - 1]) {
    const [, lifted] = g.mul(i(3), number).inputs;
    assert(isKind(lifted, "constant"));
    assert.deepEqual(lifted.op.values, Int32Array.of(number));
  }
});

Deno.test("makeNode() decides shape and type", () => {
  for (const [node, type] of types) {
    assert(printType(node).endsWith(type), `${printType(node)}, not ${type}`);
  }
});

Deno.test("constant() keeps its values when the caller's array changes", () => {
  const values = Float32Array.of(1, 2);
  const node = g.constant(values);
  values.fill(0);
  assert(isKind(node, "constant"));
  assert.deepEqual(node.op.values, Float32Array.of(1, 2));
});

Deno.test("makeNode() makes no leaves", () => {
  const leaf: Op = { kind: "input", name: "x" };
  assert.throws(() => makeNode(leaf, [f(2)]), /make input by makeLeaf/);
});
