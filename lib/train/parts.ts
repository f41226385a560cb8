/**
 * Batches that go through a network in parts. The activations of a whole batch
 * fall out of the processor's caches between one operation and the next, those
 * of a part stay; the gradients are added up as products of matrices.
 */

import { leaves, type Node } from "../graph/node.ts";
import { add, input, slice } from "../graph/ops.ts";
import { substitute } from "../graph/substitute.ts";

/**
 * Rows of a part's activations. A step of 4096 rows took 7% to 10% less time in
 * parts of 1024; parts of 512 took as long as the whole.
 */
const ROWS = 1024;

/** The number of equal parts for a batch whose samples have so many rows. */
export function partsOf(batch: number, rows: number): number {
  let parts = 1;
  for (let n = 2; n <= batch; n++) {
    if (batch % n === 0 && batch / n * rows >= ROWS) parts = n;
  }
  return parts;
}

/**
 * Adds up each of the given scalars over the parts of a batch. Their graph is
 * that of one part, every input [samples, ...] of it; in its place comes an
 * input of the same name with the samples of all parts.
 */
export function sumOverParts<K extends string>(
  scalars: Readonly<Record<K, Node>>,
  parts: number,
): Record<K, Node> {
  if (parts === 1) return scalars;
  const names = Object.keys(scalars) as K[];
  const nodes = names.map((name) => scalars[name]);
  const inputs = leaves(nodes, "input");
  const samples = inputs.map(({ shape }) => shape[0] as number);
  const whole = inputs.map(({ op, shape, dtype }, i) =>
    input(op.name, shape.with(0, samples[i] * parts), dtype)
  );
  const copies = Array.from({ length: parts }, (_, part) => {
    const ranges = inputs.map((node, i) => {
      const [from, to] = [part, part + 1].map((n) => n * samples[i]);
      return [node, slice(whole[i], 0, from, to)] as const;
    });
    return substitute(nodes, new Map<Node, Node>(ranges));
  });
  const sums = names.map((name, i) => {
    const values = copies.map((copy) => copy[i]);
    return [name, values.reduce((a, b) => add(a, b))] as const;
  });
  return Object.fromEntries(sums) as Record<K, Node>;
}
