/**
 * int8 storage: signed bytes, and one float16 scale for every `group`
 * consecutive values. A tensor named X is stored as X (I8) and X.scale (F16,
 * one row of scales a row of X); value = byte * scale.
 */
import { f16ToF32, f32ToF16 } from "./half.ts";
import type { SafetensorsEntry } from "./safetensors.ts";

/** Name of the scales that belong to a tensor. */
export function scaleName(name: string): string {
  return `${name}.scale`;
}

/** A tensor in int8. */
export interface Quantized {
  /** One signed byte a value. */
  readonly values: Int8Array<ArrayBuffer>;
  /** Scales as the bits of float16. */
  readonly scales: Uint16Array<ArrayBuffer>;
}

/**
 * Rounds to the nearest of 255 levels, symmetric around zero, whose outermost
 * is the largest magnitude in the group.
 * @param group how many consecutive values share a scale
 */
export function quantizeInt8(data: Float32Array, group: number): Quantized {
  const count = data.length / group;
  if (!Number.isInteger(count)) {
    throw new RangeError(
      `Cannot quantize ${data.length} values in groups of ${group}: ` +
        `the last group would be short`,
    );
  }
  const largest = new Float32Array(count);
  for (let i = 0; i < data.length; i++) {
    const g = Math.floor(i / group);
    largest[g] = Math.max(largest[g], Math.abs(data[i]));
  }
  const scales = f32ToF16(largest.map((value) => value / 127));
  // Rounding a scale to float16 moves the levels: choose bytes for the scale
  // that is stored.
  const stored = f16ToF32(scales);
  const values = new Int8Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const scale = stored[Math.floor(i / group)];
    const level = scale === 0 ? 0 : Math.round(data[i] / scale);
    values[i] = Math.max(-127, Math.min(127, level));
  }
  return { values, scales };
}

/** The values that bytes and scales stand for. */
export function dequantizeInt8(
  values: Int8Array,
  scales: Float32Array,
): Float32Array<ArrayBuffer> {
  const group = values.length / scales.length;
  const data = new Float32Array(values.length);
  for (let g = 0, i = 0; g < scales.length; g++) {
    const scale = scales[g];
    for (const end = i + group; i < end; i++) data[i] = values[i] * scale;
  }
  return data;
}

/**
 * A matrix as the two tensors of a file: bytes, and a scale for each group.
 *
 * @param group values of a row that share a scale; divides the row
 */
export function int8Entries(
  name: string,
  shape: readonly number[],
  data: Float32Array,
  group: number,
): SafetensorsEntry[] {
  const { values, scales } = quantizeInt8(data, group);
  const [rows] = shape;
  return [
    { name, dtype: "I8", shape, data: values },
    {
      name: scaleName(name),
      dtype: "F16",
      shape: [rows, scales.length / rows],
      data: scales,
    },
  ];
}
