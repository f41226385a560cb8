/**
 * Matrices stored in int4, for the products of linear layers: the runtime's own
 * operation reads them as they are, an eighth of their size in float32.
 */

import { isKind, type Node } from "./node.ts";
import type { Emitter } from "./onnx_emit.ts";

/** Where something lies. */
interface Place {
  readonly location: string;
  readonly offset: number;
  readonly length: number;
}

/** Two values a byte, and a float32 scale for every block of them in a row. */
export interface Int4Form {
  readonly kind: "int4";
  readonly values: Place;
  readonly scales: Place;
  readonly block: number;
}

/** x times a transposed matrix, whose activations are rounded to int8. */
const INT8_ACTIVATIONS = 4;

/** Whether a product is one that int4 serves: x [...,K] by a matrix [N,K]. */
export function isInt4Product(
  node: Node,
  int4: ReadonlyMap<Node, Int4Form>,
): node is Node<"matmul"> {
  return isKind(node, "matmul") && int4.has(node.inputs[1]) &&
    node.op.transposeB && !node.op.transposeA;
}

/** Emits such a product. */
export function multiplyInt4(
  node: Node<"matmul">,
  { values, scales, block }: Int4Form,
  x: string,
  emitter: Emitter,
): string {
  const matrix = node.inputs[1] as Node<"parameter">;
  const [rows, columns] = matrix.shape as number[];
  const name = `#${matrix.op.name} int4`;
  // The same parameter may be several nodes, with several users each.
  if (!emitter.initializers.some((known) => known.name === name)) {
    const blocks = columns / block;
    emitter.initializers.push({
      name,
      type: "uint8",
      shape: [rows, blocks, block / 2],
      data: { ...values },
    }, {
      name: `${name} scale`,
      type: "float32",
      shape: [rows * blocks],
      data: { ...scales },
    });
  }
  return emitter.emit("MatMulNBits", [x, name, `${name} scale`], {
    K: { int: columns },
    N: { int: rows },
    bits: { int: 4 },
    block_size: { int: block },
    accuracy_level: { int: INT8_ACTIVATIONS },
  }, { domain: "com.microsoft" });
}

/** @throws TypeError always: for a use that int4 doesn't serve */
export function refuseInt4(node: Node): never {
  const name = isKind(node, "parameter") ? node.op.name : "a value";
  throw new TypeError(
    `Cannot use ${name} in int4: it serves matrices [N,K] of linear layers ` +
      `only; give this weight in another form`,
  );
}
