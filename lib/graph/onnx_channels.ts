/**
 * Matrices in int8 with one scale for every output channel, for products whose
 * inputs are rounded to int8 too: each row by its own largest value, so that a
 * picture never depends on the others of its batch. Rows are unsigned with the
 * zero at 128, for which the runtime has fast kernels; signed ones run at a
 * twentieth of their rate. What several products read is rounded once.
 */

import type { Emitter } from "./onnx_emit.ts";
import type { Node } from "./node.ts";
import type { Place } from "./onnx_blocks.ts";

/** Where the values [K,N] and the float32 scales [N] lie. */
export interface ChannelForm {
  readonly kind: "channels";
  readonly values: Place;
  readonly scales: Place;
}

/** Rounded rows [rows,K], and their scales [rows,1]. */
export interface RoundedRows {
  readonly values: string;
  readonly scales: string;
}

/** Levels on either side of the zero. */
const LEVELS = 127;
/** Keeps rows of zeros from being divided by zero. */
const LEAST_SCALE = 1e-30;

const CONTRIB = { domain: "com.microsoft" };

/**
 * Emits x [...,K] by such a matrix.
 *
 * @param rounded what was rounded before, by the name of x
 * @returns [rows,N]
 */
export function multiplyChannels(
  matrix: Node<"parameter">,
  { values, scales }: ChannelForm,
  x: string,
  rounded: Map<string, RoundedRows>,
  e: Emitter,
): string {
  const [outputs, inputs] = matrix.shape as number[];
  const name = `#${matrix.op.name} channels`;
  // The same parameter may be several nodes, with several users each.
  if (!e.initializers.some((known) => known.name === name)) {
    e.initializers.push(
      { name, type: "int8", shape: [inputs, outputs], data: { ...values } },
      {
        name: `${name} scale`,
        type: "float32",
        shape: [outputs],
        data: { ...scales },
      },
    );
  }
  const rows = rounded.get(x) ?? roundRows(x, inputs, e);
  rounded.set(x, rows);
  const product = e.emit(
    "MatMulIntegerToFloat",
    [
      rows.values,
      name,
      scalar(e, 1),
      `${name} scale`,
      e.constant("uint8", [], Uint8Array.of(128)),
    ],
    {},
    CONTRIB,
  ); // [rows,N]
  return e.emit("Mul", [product, rows.scales]);
}

function roundRows(x: string, width: number, e: Emitter): RoundedRows {
  const rows = e.emit("Reshape", [x, e.integers([-1, width])]);
  const largest = e.emit("ReduceMax", [
    e.emit("Abs", [rows]),
    e.integers([-1]),
  ], { keepdims: { int: 1 } }); // [rows,1]
  const scales = e.emit("Max", [
    e.emit("Mul", [largest, scalar(e, 1 / LEVELS)]),
    scalar(e, LEAST_SCALE),
  ]);
  const each = e.emit("Reshape", [scales, e.integers([-1])]); // [rows]
  const zeros = e.emit("Expand", [
    e.constant("uint8", [1], Uint8Array.of(128)),
    e.emit("Shape", [each]),
  ]);
  const values = e.emit("QuantizeLinear", [rows, each, zeros], {
    axis: { int: 0 },
  });
  return { values, scales };
}

function scalar(e: Emitter, value: number): string {
  return e.constant("float32", [], Float32Array.of(value));
}
