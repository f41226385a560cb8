/**
 * How much a graph multiplies: the floating-point operations of its products,
 * two for every number that is multiplied and added. What works element by
 * element is not counted, as it is nowhere else where rates are compared.
 */

import { bindShape } from "./dim.ts";
import { isKind, type Node, topologicalOrder } from "./node.ts";
import type { OpOf } from "./op.ts";

/** The operations that are products. */
export type ProductKind = "matmul" | "conv" | "convTranspose";

/** Numbers that are multiplied and added, of one node. */
type Count<K extends ProductKind> = (
  op: OpOf<K>,
  /** Of the inputs and the result, without a symbolic batch. */
  shapes: {
    readonly inputs: readonly (readonly number[])[];
    readonly output: readonly number[];
  },
) => number;

const size = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

const COUNTS: { readonly [K in ProductKind]: Count<K> } = {
  /** Each result is a sum along one axis of both operands. */
  matmul: ({ transposeA }, { inputs: [a], output }) =>
    size(output) * a.at(transposeA ? -2 : -1)!,
  /** Each result is a sum over a kernel [C/groups,h,w]. */
  conv: (_, { inputs: [, kernel], output }) =>
    size(output) * size(kernel.slice(1)),
  /** Each pixel goes into a kernel [O/groups,h,w]. */
  convTranspose: (_, { inputs: [x, kernel] }) =>
    size(x) * size(kernel.slice(1)),
};

/**
 * Floating-point operations of the products that the outputs depend on, by
 * operation, for so large a batch. Products of weights alone don't count: the
 * runtime computes them once, when a session is made.
 */
export function countProducts(
  outputs: Iterable<Node>,
  batch = 1,
): Record<ProductKind, number> {
  const counts = { matmul: 0, conv: 0, convTranspose: 0 };
  const fed = new Set<Node>();
  for (const node of topologicalOrder(outputs)) {
    const isFed = isKind(node, "input") || node.inputs.some((x) => fed.has(x));
    if (!isFed) continue;
    fed.add(node);
    const { op } = node;
    if (!(op.kind in COUNTS)) continue;
    const kind = op.kind as ProductKind;
    const count = COUNTS[kind] as Count<ProductKind>;
    counts[kind] += 2 * count(op as OpOf<ProductKind>, {
      inputs: node.inputs.map(({ shape }) => bindShape(shape, batch)),
      output: bindShape(node.shape, batch),
    });
  }
  return counts;
}

/** The same in all, in 10^9 floating-point operations. */
export function countGflop(outputs: Iterable<Node>, batch = 1): number {
  const { matmul, conv, convTranspose } = countProducts(outputs, batch);
  return (matmul + conv + convTranspose) / 1e9;
}
