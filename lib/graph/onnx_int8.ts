/**
 * Parameters stored in int8. They stay int8 in memory: rows of a table are
 * widened after they are gathered, other weights each time they are used. For
 * a network that runs once this is faster than to widen all at first, and it
 * takes a quarter of the memory.
 */

import type { Node } from "./node.ts";
import type { Emitter } from "./onnx_emit.ts";
import { ONNX_TYPES } from "./onnx_proto.ts";

/** Values in a file, and one float16 scale for every so many of them. */
export interface Int8Form {
  readonly kind: "int8";
  readonly location: string;
  readonly offset: number;
  readonly length: number;
  readonly scales: { readonly offset: number; readonly length: number };
}

const HALF_BYTES = 2;
const TO_FLOAT32 = { to: { int: ONNX_TYPES.float32 } };

/** Declares the values as [...shape, group] and the scales as [...shape]. */
function declare(
  node: Node,
  { location, offset, length, scales }: Int8Form,
  shape: readonly number[],
  emitter: Emitter,
): [values: string, scales: string] {
  const name = `#${(node as Node<"parameter">).op.name}[${shape}]`;
  const names: [string, string] = [name, `${name}.scale`];
  // The same parameter may be several nodes, with several users each.
  if (emitter.initializers.some((known) => known.name === name)) return names;
  const group = length / (scales.length / HALF_BYTES);
  emitter.initializers.push({
    name,
    type: "int8",
    shape: [...shape, group],
    data: { location, offset, length },
  }, {
    name: names[1],
    type: "float16",
    shape,
    data: { location, ...scales },
  });
  return names;
}

/** The parameter in float32. */
export function widenInt8(
  node: Node,
  form: Int8Form,
  emitter: Emitter,
): string {
  const count = form.scales.length / HALF_BYTES;
  const [values, halves] = declare(node, form, [count], emitter);
  const scales = emitter.emit("Cast", [halves], TO_FLOAT32);
  const wide = emitter.emit("DequantizeLinear", [values, scales], {
    axis: { int: 0 },
  }); // [count, group]
  return emitter.emit("Reshape", [wide, emitter.shape(node.shape)]);
}

/** Rows of a table [R,E] for ids of any shape. */
export function gatherInt8(
  node: Node<"gather">,
  form: Int8Form,
  ids: string,
  emitter: Emitter,
): string {
  const [table] = node.inputs;
  const [rows] = table.shape as number[];
  const groups = form.scales.length / HALF_BYTES / rows;
  const [values, halves] = declare(table, form, [rows, groups], emitter);
  const wide = ([values, halves] as const).map((name) => {
    const some = emitter.emit("Gather", [name, ids]); // [...ids, groups(, group)]
    return emitter.emit("Cast", [some], TO_FLOAT32);
  });
  const last = emitter.integers([-1]);
  const scales = emitter.emit("Unsqueeze", [wide[1], last]);
  const scaled = emitter.emit("Mul", [wide[0], scales]);
  return emitter.emit("Reshape", [scaled, emitter.shape(node.shape)]);
}
