/** Graph nodes: immutable, with shape and type decided when they are made. */

import { DIMS_WANTED, isDim, printShape, type Shape } from "./dim.ts";
import type { DType, Op, OpKind, OpOf } from "./op.ts";
import { inferType } from "./shape_rules.ts";

/** One value of a graph: an operation applied to other nodes. */
export interface Node<K extends OpKind = OpKind> {
  /** Order of creation: the inputs of a node have smaller numbers. */
  readonly id: number;
  /** The operation with its attributes. */
  readonly op: OpOf<K>;
  /** What the operation is applied to. */
  readonly inputs: readonly Node[];
  /** The value's shape; its first dimension is mostly a multiple of B. */
  readonly shape: Shape;
  /** Type of the value's elements. */
  readonly dtype: DType;
}

let created = 0;

/**
 * Applies an operation. @throws RangeError or TypeError when the inputs don't
 * fit it, naming the operation, the shapes found and what was wanted.
 */
export function makeNode(op: Op, inputs: readonly Node[]): Node {
  const { shape, dtype } = inferType(op, inputs);
  return { id: created++, op, inputs, shape, dtype };
}

/** Makes a leaf, whose shape and type are given and not inferred. */
export function makeLeaf(
  op: OpOf<"input"> | OpOf<"parameter"> | OpOf<"constant">,
  shape: Shape,
  dtype: DType,
): Node {
  if (!shape.every(isDim)) {
    throw new RangeError(
      `Cannot make the ${op.kind}${"name" in op ? ` ${op.name}` : ""} of ` +
        `shape ${printShape(shape)}: wanted ${DIMS_WANTED}`,
    );
  }
  return { id: created++, op, inputs: [], shape, dtype };
}

/** True when the node is the result of that kind of operation. */
export function isKind<K extends OpKind>(
  node: Node,
  kind: K,
): node is Node<K> {
  return node.op.kind === kind;
}

/** All nodes the given ones depend on, inputs before users, each once. */
export function topologicalOrder(outputs: Iterable<Node>): Node[] {
  const seen = new Set<Node>();
  const stack = [...outputs];
  while (stack.length > 0) {
    const node = stack.pop()!;
    if (seen.has(node)) continue;
    seen.add(node);
    for (const input of node.inputs) stack.push(input);
  }
  return [...seen].sort((a, b) => a.id - b.id);
}

/** The leaves of one kind the outputs depend on, in order of creation. */
export function leaves<K extends "input" | "parameter">(
  outputs: Iterable<Node>,
  kind: K,
): Node<K>[] {
  return topologicalOrder(outputs).filter((node): node is Node<K> =>
    isKind(node, kind)
  );
}
