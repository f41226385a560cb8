/** Matrices in few bits, as `quantized_copy.ts` writes them into files. */

import { type BlockFormat, BLOCKS } from "./blocks.ts";
import { scaleName } from "./quantize.ts";
import type { SafetensorsHeader } from "./safetensors.ts";
import type { Weight } from "./weights.ts";

/**
 * The matrices of a file: a tensor X of bytes [rows, blocks, bytes of a block],
 * of which the formats have different numbers, beside X.scale [rows, blocks] in
 * float32.
 * @param path the file's real path
 */
export function* blockWeights(
  { tensors }: SafetensorsHeader,
  path: string,
): Generator<[name: string, weight: Weight]> {
  for (const [name, values] of tensors) {
    const scales = tensors.get(scaleName(name));
    const [rows, blocks, bytes] = values.shape;
    const format = Object.values<BlockFormat>(BLOCKS)
      .find((known) => blockBytes(known) === bytes);
    const fits = format && values.dtype === "U8" && scales?.dtype === "F32" &&
      values.shape.length === 3 && `${scales.shape}` === `${[rows, blocks]}`;
    if (!fits) continue;
    const { offset, length } = values;
    yield [name, {
      kind: "blocks",
      path,
      shape: [rows, blocks * format.block],
      ...format,
      offset,
      length,
      scales: { offset: scales.offset, length: scales.length },
    }];
  }
}

/** Bytes of a block's values. */
export function blockBytes({ bits, block }: BlockFormat): number {
  return block * bits / 8;
}

/**
 * The matrices of a file with a scale for each output: a tensor X of bytes
 * [K,N] or [K,N,1,1] beside X.scale [N] in float32.
 * @param path the file's real path
 */
export function* channelWeights(
  { tensors }: SafetensorsHeader,
  path: string,
): Generator<[name: string, weight: Weight]> {
  for (const [name, values] of tensors) {
    const scales = tensors.get(scaleName(name));
    const [inputs, outputs, ...rest] = values.shape;
    const fits = values.dtype === "I8" && scales?.dtype === "F32" &&
      scales.shape.length === 1 && scales.shape[0] === outputs &&
      rest.every((side) => side === 1);
    if (!fits) continue;
    const { offset, length } = values;
    yield [name, {
      kind: "channels",
      path,
      shape: [outputs, inputs, ...rest],
      offset,
      length,
      scales: { offset: scales.offset, length: scales.length },
    }];
  }
}
