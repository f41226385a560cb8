/**
 * Matrices stored in 4 or 8 bits a value, for the products of linear layers:
 * the runtime's own operation reads them as they are, an eighth or a quarter of
 * their size in float32.
 */

import type { Node } from "./node.ts";
import type { Emitter } from "./onnx_emit.ts";

/** Where something lies. */
export interface Place {
  readonly location: string;
  readonly offset: number;
  readonly length: number;
}

/** Packed values, and a float32 scale for every block of them in a row. */
export interface BlockForm {
  readonly kind: "blocks";
  readonly values: Place;
  readonly scales: Place;
  /** Bits of a value. */
  readonly bits: 4 | 8;
  /** Values of a row that share a scale. */
  readonly block: number;
}

/** x times a transposed matrix, whose activations are rounded to int8. */
const INT8_ACTIVATIONS = 4;

/** Emits x [...,K] by such a matrix -> [...,N]. */
export function multiplyBlocks(
  matrix: Node<"parameter">,
  { values, scales, bits, block }: BlockForm,
  x: string,
  emitter: Emitter,
): string {
  const [rows, columns] = matrix.shape as number[];
  const name = `#${matrix.op.name} int${bits}`;
  // The same parameter may be several nodes, with several users each.
  if (!emitter.initializers.some((known) => known.name === name)) {
    const blocks = columns / block;
    emitter.initializers.push({
      name,
      type: "uint8",
      shape: [rows, blocks, block * bits / 8],
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
    bits: { int: bits },
    block_size: { int: block },
    accuracy_level: { int: INT8_ACTIVATIONS },
  }, { domain: "com.microsoft" });
}
