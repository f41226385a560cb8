/**
 * The form alpha a b + beta c of two-dimensional products: the runtime has one
 * kernel for all of it, which saves up to three passes over the result.
 */

import { isBatch } from "./dim.ts";
import { isKind, type Node } from "./node.ts";
import type { Emitter } from "./onnx_emit.ts";

/** A sum that is emitted as one product. */
export interface Gemm {
  readonly product: Node<"matmul">;
  readonly alpha: number;
  readonly addend: Node;
  readonly beta: number;
}

/** Sums to be emitted as products, and nodes that are inside of them. */
export interface GemmPlan {
  readonly gemms: ReadonlyMap<Node, Gemm>;
  readonly inside: ReadonlySet<Node>;
}

/**
 * Finds the sums that have that form. `order` has inputs before users.
 * @param isApart tells the products that are emitted in a form of their own
 */
export function planGemms(
  order: readonly Node[],
  outputs: Iterable<Node>,
  isApart: (product: Node) => boolean = () => false,
): GemmPlan {
  const uses = countUses(order, outputs);
  const gemms = new Map<Node, Gemm>();
  const inside = new Set<Node>();
  for (const node of order) {
    const found = asGemm(node, uses, isApart);
    if (!found) continue;
    gemms.set(node, found.gemm);
    for (const swallowed of found.inside) inside.add(swallowed);
  }
  return { gemms, inside };
}

/** Emits such a sum; `valueOf` names the values of its operands. */
export function emitGemm(
  { product, alpha, addend, beta }: Gemm,
  valueOf: (node: Node) => string,
  emitter: Emitter,
): string {
  const { op, inputs } = product;
  return emitter.emit("Gemm", [...inputs, addend].map(valueOf), {
    alpha: { float: alpha },
    beta: { float: beta },
    transA: { int: op.transposeA ? 1 : 0 },
    transB: { int: op.transposeB ? 1 : 0 },
  });
}

function countUses(
  order: readonly Node[],
  outputs: Iterable<Node>,
): Map<Node, number> {
  const uses = new Map<Node, number>();
  const use = (node: Node) => uses.set(node, (uses.get(node) ?? 0) + 1);
  for (const node of order) node.inputs.forEach(use);
  for (const node of outputs) use(node);
  return uses;
}

function asGemm(
  node: Node,
  uses: ReadonlyMap<Node, number>,
  isApart: (product: Node) => boolean,
): { gemm: Gemm; inside: Node[] } | undefined {
  if (!isKind(node, "add") || node.shape.length !== 2) return undefined;
  for (const [first, second] of [node.inputs, node.inputs.toReversed()]) {
    const product = scaled(first, uses);
    const matrix = product.of;
    if (!isKind(matrix, "matmul") || uses.get(matrix) !== 1) continue;
    if (isApart(matrix)) continue;
    const addend = scaled(second, uses);
    if (!sameShape(node, matrix) || !sameShape(node, addend.of)) continue;
    return {
      gemm: {
        product: matrix,
        alpha: product.factor,
        addend: addend.of,
        beta: addend.factor,
      },
      inside: [matrix, ...product.inside, ...addend.inside],
    };
  }
  return undefined;
}

/** Takes a constant factor off a value that nothing else uses. */
function scaled(
  node: Node,
  uses: ReadonlyMap<Node, number>,
): { of: Node; factor: number; inside: Node[] } {
  if (isKind(node, "mul") && uses.get(node) === 1) {
    for (const [x, factor] of [node.inputs, node.inputs.toReversed()]) {
      if (!isKind(factor, "constant") || factor.shape.length > 0) continue;
      return { of: x, factor: factor.op.values[0], inside: [node] };
    }
  }
  return { of: node, factor: 1, inside: [] };
}

/** The runtime would broadcast an addend, but not a whole batch of products. */
function sameShape(a: Node, b: Node): boolean {
  return a.shape.length === b.shape.length &&
    a.shape.every((dim, axis) => dim === b.shape[axis] && !isBatch(dim));
}
