/** Products of positions with a matrix, in the forms that networks have them. */

import { isKind, type Node } from "./node.ts";

/** x [...,K], or [B,K,H,W] for a convolution, by a parameter [N,K]. */
export interface LinearProduct {
  readonly x: Node;
  /** [N,K], or [N,K,1,1] of a kernel. */
  readonly matrix: Node<"parameter">;
  /** Whether it is a 1x1 convolution, whose channels come second. */
  readonly isConv: boolean;
}

/** What a node is, if it is such a product. */
export function linearProduct(node: Node): LinearProduct | undefined {
  if (isKind(node, "matmul")) {
    const { transposeA, transposeB } = node.op;
    const [x, by] = node.inputs;
    const matrix = matrixOf(by);
    const isLayer = transposeB && !transposeA && matrix !== undefined;
    return isLayer ? { x, matrix, isConv: false } : undefined;
  }
  if (!isKind(node, "conv")) return undefined;
  const { stride, padding, groups } = node.op;
  const [x, kernel] = node.inputs;
  const matrix = matrixOf(kernel);
  const isPointwise = groups === 1 && matrix?.shape.length === 4 &&
    stride.every((step) => step === 1) && padding.every((width) => width === 0);
  return isPointwise ? { x, matrix, isConv: true } : undefined;
}

/** The parameter that is a matrix [N,K] or [N,K,1,1], or is seen as one. */
export function matrixOf(node: Node): Node<"parameter"> | undefined {
  if (isKind(node, "parameter")) {
    const [, , ...rest] = node.shape;
    return node.shape.length >= 2 && rest.every((side) => side === 1)
      ? node
      : undefined;
  }
  if (!isKind(node, "reshape")) return undefined;
  const [of] = node.inputs;
  const matrix = isKind(of, "parameter") ? matrixOf(of) : undefined;
  const isSame = node.shape.length === 2 &&
    node.shape.every((size, axis) => size === matrix?.shape[axis]);
  return isSame ? matrix : undefined;
}
