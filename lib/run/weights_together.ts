/** The runtime takes all weights of a model from files or all from memory. */

import { bf16ToF32, f16ToF32 } from "./half.ts";
import { BLOCKS, dequantizeBlocks } from "./blocks.ts";
import { dequantizeChannels } from "./channels.ts";
import { dequantizeInt8 } from "./quantize.ts";
import { readAt } from "./safetensors.ts";
import type { Weight, Weights } from "./weights.ts";

/**
 * The weights of these names: as they are, or all in memory if one of them is.
 * @throws if a file ends before a weight does
 */
export async function bringTogether(
  weights: Weights,
  names: ReadonlySet<string>,
): Promise<Weights> {
  const used = [...weights].filter(([name]) => names.has(name));
  const together = new Map(used);
  const inMemory = ({ kind }: Weight) => kind === "memory" || kind === "int4";
  if (!used.some(([, weight]) => inMemory(weight))) return together;
  for (const [name, weight] of used) {
    if (inMemory(weight)) continue;
    const { shape } = weight;
    const data = await readWeight(weight);
    together.set(name, { kind: "memory", shape, data });
  }
  return together;
}

const WIDEN = {
  float32: (bytes: ArrayBuffer) => new Float32Array(bytes),
  float16: (bytes: ArrayBuffer) => f16ToF32(new Uint16Array(bytes)),
  bfloat16: (bytes: ArrayBuffer) => bf16ToF32(new Uint16Array(bytes)),
};

/**
 * The values of a weight, row by row.
 * @throws if its file ends before it does
 */
export async function readWeight(weight: Weight): Promise<Float32Array> {
  if (weight.kind === "memory") return weight.data;
  if (weight.kind === "int4") return dequantizeBlocks(weight, BLOCKS.int4);
  const { path, offset, length } = weight;
  using file = await Deno.open(path);
  const { buffer } = await readAt(file, path, offset, length);
  if (weight.kind === "file") return WIDEN[weight.type](buffer);
  const { scales } = weight;
  const scaling = await readAt(file, path, scales.offset, scales.length);
  if (weight.kind === "blocks") {
    const blocks = {
      values: new Uint8Array(buffer),
      scales: new Float32Array(scaling.buffer),
    };
    return dequantizeBlocks(blocks, weight);
  }
  if (weight.kind === "channels") {
    return dequantizeChannels({
      values: new Int8Array(buffer),
      scales: new Float32Array(scaling.buffer),
    });
  }
  return dequantizeInt8(new Int8Array(buffer), WIDEN.float16(scaling.buffer));
}

/** Bytes of a file that are read at once. */
const PIECE_BYTES = 1 << 20;

/**
 * The values of a weight as {@link readWeight} gives them, piece by piece: a
 * weight in a file is never in memory as a whole.
 *
 * @param group every piece has a multiple of so many values
 * @throws if its file ends before it does
 */
export async function* readWeightPieces(
  weight: Weight,
  group: number,
): AsyncGenerator<Float32Array> {
  if (weight.kind !== "file") {
    yield await readWeight(weight);
    return;
  }
  const { path, offset, length, shape } = weight;
  const bytes = length / shape.reduce((a, b) => a * b, 1) * group;
  const step = Math.max(1, Math.floor(PIECE_BYTES / bytes)) * bytes;
  using file = await Deno.open(path);
  for (let at = 0; at < length; at += step) {
    const size = Math.min(step, length - at);
    const { buffer } = await readAt(file, path, offset + at, size);
    yield WIDEN[weight.type](buffer);
  }
}
