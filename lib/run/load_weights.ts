/** The weights of a safetensors file, for sessions and for interpreting. */

import { dequantizeInt8, scaleName } from "./quantize.ts";
import {
  type FloatTensor,
  readSafetensorsHeader,
  readTensor,
  readTensorsF32,
  type SafetensorsDtype,
  type SafetensorsHeader,
} from "./safetensors.ts";
import type { Weight, Weights } from "./weights.ts";

const FLOATS: Partial<
  Record<SafetensorsDtype, "float32" | "float16" | "bfloat16">
> = { F32: "float32", F16: "float16", BF16: "bfloat16" };

/**
 * The weights of a file. Floating ones stay there and are read when a session
 * is made. If some are int8, all are read now: the runtime takes weights from
 * files or from memory, not from both.
 */
export async function loadWeights(path: string): Promise<Weights> {
  const header = await readSafetensorsHeader(path);
  const tensors = [...header.tensors];
  if (tensors.some(([, { dtype }]) => dtype === "I8")) {
    return new Map(
      [...await readWeightsF32(header)].map(([name, { shape, data }]) =>
        [name, { kind: "memory", shape, data }] as const
      ),
    );
  }
  const realPath = await Deno.realPath(path); // the runtime refuses links
  return new Map(
    tensors.flatMap(([name, { dtype, ...place }]): [string, Weight][] => {
      const type = FLOATS[dtype];
      return type
        ? [[name, { kind: "file", path: realPath, type, ...place }]]
        : [];
    }),
  );
}

/**
 * Reads the floating and the int8 tensors as float32; scales go into what
 * they scale.
 * @throws if an int8 tensor has no scales, or not a whole number of values
 * for each
 */
export async function readWeightsF32(
  header: SafetensorsHeader,
): Promise<Map<string, FloatTensor>> {
  const weights = await readTensorsF32(header);
  for (const [name, { dtype, shape }] of header.tensors) {
    if (dtype !== "I8") continue;
    const scales = weights.get(scaleName(name));
    const values = await readTensor(header, name);
    const count = scales?.data.length ?? 0;
    if (!scales || count === 0 || values.length % count !== 0) {
      throw new Error(
        `reading ${header.path}: "${name}" holds ${values.length} values in ` +
          `int8 and "${scaleName(name)}" ${count} scales, wanted one for ` +
          `every so many values; the file was not written by quantizeInt8()`,
      );
    }
    weights.delete(scaleName(name));
    const data = dequantizeInt8(values as Int8Array, scales.data);
    weights.set(name, { shape, data });
  }
  return weights;
}
