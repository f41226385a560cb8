/** Random graphs of bounded values, for property tests. */

import fc from "fast-check";
import { B } from "../graph/dim.ts";
import type { Node } from "../graph/node.ts";
import * as g from "../graph/ops.ts";
import { type OpCase, unit } from "./op_leaves.ts";

/** A node of shape [B or 1, 4 or 1, 4 or 1] and the most its values can be. */
interface Bounded {
  readonly node: Node;
  readonly bound: number;
}

/** Makes a node from two earlier ones, or from the first of them. */
type Step = (a: Bounded, b: Bounded) => Bounded;

const SIZE = 4;

function unary(f: (x: Node) => Node, bound = 1): Step {
  return ({ node }) => ({ node: f(node), bound });
}

/** An operation that gives no larger values than it gets. */
function same(f: (x: Node) => Node): Step {
  return ({ node, bound }) => ({ node: f(node), bound });
}

function binary(
  f: (x: Node, y: Node) => Node,
  bound: (a: number, b: number) => number,
): Step {
  return (a, b) => ({
    node: f(a.node, b.node),
    bound: bound(a.bound, b.bound),
  });
}

/** All three axes at full size. */
function full(x: Node): Node {
  return g.expand(x, [B, SIZE, SIZE]);
}

const ones = () => g.constant(new Float32Array(SIZE).fill(1));
const sumOf = (a: number, b: number) => a + b;

/** Steps that can be differentiated everywhere. */
const smooth = {
  neg: same(g.neg),
  sin: unary(g.sin),
  cos: unary(g.cos),
  tanh: unary(g.tanh),
  sigmoid: unary(g.sigmoid),
  erf: unary(g.erf),
  silu: same(g.silu),
  gelu: same(g.gelu),
  exp: unary((x) => g.exp(g.tanh(x)), Math.E),
  log: same((x) => g.log(g.add(g.square(x), 1))),
  sqrt: ({ node, bound }) => ({
    node: g.sqrt(g.add(g.square(node), 0.25)),
    bound: bound + 0.5,
  }),
  div: binary((x, y) => g.div(x, g.add(g.square(y), 0.5)), (a) => 2 * a),
  add: binary(g.add, sumOf),
  sub: binary(g.sub, sumOf),
  mul: binary(g.mul, (a, b) => a * b),
  choose: binary(
    (x, y) => g.select(g.constant(Uint8Array.of(1, 0, 0, 1)), x, y),
    Math.max,
  ),
  matmul: binary(
    (x, y) => g.matmul(full(x), full(y)),
    (a, b) => SIZE * a * b,
  ),
  gram: binary(
    (x, y) => g.matmul(full(x), full(y), { transposeB: true }),
    (a, b) => SIZE * a * b,
  ),
  softmax: unary((x) => g.softmax(full(x))),
  logSoftmax: ({ node, bound }) => ({
    node: g.logSoftmax(full(node)),
    bound: 2 * bound + Math.log(SIZE),
  }),
  layerNorm: unary(
    (x) => g.layerNorm(full(x), ones(), ones(), 0.1),
    Math.sqrt(SIZE) + 1,
  ),
  rmsNorm: unary((x) => g.rmsNorm(full(x), ones(), 0.1), Math.sqrt(SIZE)),
  mean: same((x) => g.mean(x, [2], true)),
  sum: ({ node, bound }) => ({
    node: g.sum(node, [1], true),
    bound: SIZE * bound,
  }),
  cumsum: ({ node, bound }) => ({
    node: g.cumsum(full(node), 1),
    bound: SIZE * bound,
  }),
  transpose: same((x) => g.transpose(x, [0, 2, 1])),
  reshape: same((x) => {
    const folded = g.reshape(full(x), [B, 2, 2, SIZE]);
    return g.reshape(g.transpose(folded, [0, 2, 1, 3]), [B, SIZE, SIZE]);
  }),
  concat: binary(
    (x, y) => {
      const both = g.concat([full(x), full(y)], 2);
      return g.slice(both, 2, 2, 2 + SIZE);
    },
    Math.max,
  ),
  reverse: same((x) => g.reverse(x, [1])),
  pad: same((x) => g.pad(g.slice(full(x), 1, 0, 3), [0, 1, 0], [0, 0, 0])),
} satisfies Record<string, Step>;

/** Steps that are continuous, but have kinks. */
const kinked = {
  abs: same(g.abs),
  relu: same(g.relu),
  maximum: binary(g.maximum, Math.max),
  minimum: binary(g.minimum, Math.max),
  max: same((x) => g.max(x, [2], true)),
  select: binary((x, y) => g.select(g.less(x, y), x, y), Math.max),
} satisfies Record<string, Step>;

const STEPS = { smooth, any: { ...smooth, ...kinked } } as const;

/** Values above this are scaled down before they are used again. */
const LIMIT = 3;

function restrain({ node, bound }: Bounded): Bounded {
  return bound > LIMIT
    ? { node: g.mul(node, LIMIT / bound), bound: LIMIT }
    : { node, bound };
}

const LEAVES = [unit(B, SIZE, SIZE), unit(B, 1, SIZE), unit(1, SIZE, 1)];

/** Graphs of 1 to 12 steps, each of which may use any value before it. */
export function randomCases(
  which: keyof typeof STEPS,
): fc.Arbitrary<OpCase> {
  const steps: Readonly<Record<string, Step>> = STEPS[which];
  const pick = fc.nat({ max: 1000 });
  const choice = fc.tuple(fc.constantFrom(...Object.keys(steps)), pick, pick);
  return fc.array(choice, { minLength: 1, maxLength: 12 }).map((choices) => {
    const build = (...leaves: Node[]) => {
      const pool: Bounded[] = leaves.map((node) => ({ node, bound: 1 }));
      for (const [name, i, j] of choices) {
        // The first operand is a late one, so that most steps lead to the end.
        const [a, b] = [pool.length - 1 - i % 2, j % pool.length];
        pool.push(restrain(steps[name](pool[a], pool[b])));
      }
      return pool.at(-1)!.node;
    };
    return { build, leaves: LEAVES };
  });
}
