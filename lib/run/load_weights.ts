/** The weights of a safetensors file, for sessions and for interpreting. */

import { dequantizeInt8, scaleName } from "./quantize.ts";
import {
  type FloatTensor,
  readSafetensorsHeader,
  readTensor,
  readTensorsF32,
  type SafetensorsDtype,
  type SafetensorsHeader,
  type SafetensorsInfo,
} from "./safetensors.ts";
import { dtypeBytes } from "./safetensors_header.ts";
import type { Weight, Weights } from "./weights.ts";

const FLOATS: Partial<
  Record<SafetensorsDtype, "float32" | "float16" | "bfloat16">
> = { F32: "float32", F16: "float16", BF16: "bfloat16" };

/** Choices when weights are loaded. */
export interface LoadWeightsOptions {
  /**
   * Turn int8 into float32 now and not at every run: for networks that run
   * many times. All weights are in memory then, since the runtime takes them
   * either from files or from memory. False by default.
   */
  readonly widen?: boolean;
}

/**
 * The weights of a file. They stay there and are read when a session is made.
 * @throws if an int8 tensor has no fitting scales
 */
export async function loadWeights(
  path: string,
  { widen = false }: LoadWeightsOptions = {},
): Promise<Weights> {
  const header = await readSafetensorsHeader(path);
  const hasInt8 = [...header.tensors.values()].some(({ dtype }) =>
    dtype === "I8"
  );
  if (widen && hasInt8) {
    const wide = await readWeightsF32(header);
    return new Map(
      [...wide].map(([name, tensor]) => [name, { kind: "memory", ...tensor }]),
    );
  }
  const realPath = await Deno.realPath(path); // the runtime refuses links
  const weights = new Map<string, Weight>();
  for (const [name, { dtype, ...place }] of header.tensors) {
    const type = FLOATS[dtype];
    if (dtype === "I8") {
      const { offset, length } = findScales(header, name);
      const scales = { offset, length };
      weights.set(name, { kind: "int8", path: realPath, ...place, scales });
    } else if (type) {
      weights.set(name, { kind: "file", path: realPath, type, ...place });
    }
  }
  for (const [name, { kind }] of weights) {
    if (kind === "int8") weights.delete(scaleName(name));
  }
  return weights;
}

/**
 * Reads the floating and the int8 tensors as float32; scales go into what
 * they scale.
 * @throws if an int8 tensor has no fitting scales
 */
export async function readWeightsF32(
  header: SafetensorsHeader,
): Promise<Map<string, FloatTensor>> {
  const weights = await readTensorsF32(header);
  for (const [name, { dtype, shape }] of header.tensors) {
    if (dtype !== "I8") continue;
    findScales(header, name);
    const scales = weights.get(scaleName(name))!.data;
    const values = await readTensor(header, name);
    weights.delete(scaleName(name));
    const data = dequantizeInt8(values as Int8Array, scales);
    weights.set(name, { shape, data });
  }
  return weights;
}

/** The scales of an int8 tensor, as quantizeInt8() makes them. */
function findScales(header: SafetensorsHeader, name: string): SafetensorsInfo {
  const values = header.tensors.get(name)!;
  const scales = header.tensors.get(scaleName(name));
  const [rows] = values.shape;
  const count = scales ? scales.length / dtypeBytes(scales.dtype) : 0;
  if (
    scales?.dtype === "F16" && count % rows === 0 && values.length % count === 0
  ) return scales;
  throw new Error(
    `reading ${header.path}: "${name}" is int8 [${values.shape}] and ` +
      `"${scaleName(name)}" is ` +
      (scales ? `${scales.dtype} [${scales.shape}]` : "missing") +
      `, wanted F16 and as many scales for each of the ${rows} rows; the file ` +
      `was not written by quantizeInt8()`,
  );
}
