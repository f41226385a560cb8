/** Gradients of reductions, products and operations that move elements. */

import { batchFactor, type Dim, isBatch, product } from "./dim.ts";
import type { Node } from "./node.ts";
import {
  constant,
  expand,
  matmul,
  mul,
  pad,
  reshape,
  segmentSum,
  slice,
  sum,
} from "./ops.ts";

/** Puts the axes a reduction dropped back, with size 1. */
export function keepReduced(
  node: Node<"sum"> | Node<"mean"> | Node<"max">,
  value: Node,
): Node {
  const shape = node.inputs[0].shape.map((dim, axis) =>
    node.op.axes.includes(axis) ? 1 : dim
  );
  return reshape(value, shape);
}

/** How many elements lie along the axes, as a node if the batch is one. */
export function elementCount(x: Node, axes: readonly number[]): Node | number {
  const count = product(axes.map((axis) => x.shape[axis]));
  if (!isBatch(count)) return count;
  const batch = sum(expand(constant(1), ["1B"]));
  return mul(batch, batchFactor(count));
}

export function inversePermutation(permutation: readonly number[]): number[] {
  return permutation.map((_, axis) => permutation.indexOf(axis));
}

/**
 * A matrix shared by a whole batch is folded into one product: its gradient
 * then sums over the batch inside the product.
 */
export function matmulGradients(
  node: Node<"matmul">,
  dy: Node,
): readonly Node[] {
  const [a, b] = node.inputs;
  const { transposeA, transposeB } = node.op;
  const shared = b.shape.length === 2 && a.shape.length > 2 && !transposeA;
  const left = shared ? reshape(a, [-1, a.shape.at(-1)!]) : a;
  const up = shared ? reshape(dy, [-1, dy.shape.at(-1)!]) : dy;
  const da = transposeA
    ? matmul(b, dy, { transposeA: transposeB, transposeB: true })
    : matmul(dy, b, { transposeB: !transposeB });
  const db = transposeB
    ? matmul(up, left, { transposeA: true, transposeB: transposeA })
    : matmul(left, up, { transposeA: !transposeA });
  return [da, db];
}

/** Adds each row's gradient into the table. */
export function gatherGradients(
  { inputs: [table, indices] }: Node<"gather">,
  dy: Node,
): readonly (Node | null)[] {
  const [rows, ...rest] = table.shape as number[];
  const ids = reshape(indices, [-1]); // [n]
  const flat = reshape(dy, [ids.shape[0], ...rest]); // [n, ...]
  return [segmentSum(flat, ids, rows), null];
}

export function concatGradients(
  { inputs, op: { axis } }: Node<"concat">,
  dy: Node,
): readonly Node[] {
  let start = 0;
  return inputs.map(({ shape }) => {
    const size = shape[axis];
    const length = isBatch(size) ? batchFactor(size) : size;
    const part = isBatch(size)
      ? sliceBatch(dy, axis, start, start + length)
      : slice(dy, axis, start, start + length);
    start += length;
    return reshape(part, shape);
  });
}

/** Whole batches from an axis of k·B: [k, B] is cut along k. */
function sliceBatch(x: Node, axis: number, from: number, to: number): Node {
  const factor = batchFactor(x.shape[axis] as `${number}B`);
  const shape: Dim[] = [...x.shape];
  shape.splice(axis, 1, factor, "1B");
  return slice(reshape(x, shape), axis, from, to);
}

/** Puts the gradient of a slice back in place, with zeros in between. */
export function sliceGradient(node: Node<"slice">, dy: Node): Node {
  const { starts, steps } = node.op;
  const full = node.inputs[0].shape;
  let gradient = dy;
  full.forEach((dim, axis) => {
    if (isBatch(dim)) return;
    if (steps[axis] > 1) gradient = dilate(gradient, axis, steps[axis]);
    const room = dim - starts[axis];
    if ((gradient.shape[axis] as number) > room) {
      gradient = slice(gradient, axis, 0, room);
    }
  });
  const before = full.map((dim, axis) => isBatch(dim) ? 0 : starts[axis]);
  const after = full.map((dim, axis) =>
    isBatch(dim) ? 0 : dim - starts[axis] - (gradient.shape[axis] as number)
  );
  return [...before, ...after].some((n) => n > 0)
    ? pad(gradient, before, after)
    : gradient;
}

/** Follows every element along an axis by step - 1 zeros. */
function dilate(x: Node, axis: number, step: number): Node {
  const shape = [...x.shape];
  const size = shape[axis] as number;
  const apart = reshape(x, shape.toSpliced(axis + 1, 0, 1));
  const none = apart.shape.map(() => 0);
  const wide = pad(apart, none, none.with(axis + 1, step - 1));
  return reshape(wide, shape.with(axis, size * step));
}
