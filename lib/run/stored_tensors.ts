/** Weights as the tensors of a file that has them in few bits. */

import { blockBytes } from "./block_files.ts";
import { blockScales, quantizeBlocks } from "./blocks.ts";
import { type ChannelLevels, quantizeChannels } from "./channels.ts";
import { toFloat16 } from "./half.ts";
import { quantizeInt8, scaleName } from "./quantize.ts";
import type { SafetensorsEntry } from "./safetensors.ts";
import type { StoredForm } from "./stored_forms.ts";
import type { Weight } from "./weights.ts";
import { readWeightPieces } from "./weights_together.ts";

/** A tensor of a file, computed anew whenever its bytes are asked for. */
export type StoredTensor =
  & Pick<SafetensorsEntry, "name" | "dtype" | "shape">
  & { readonly pieces: () => AsyncIterable<Uint8Array> };

/** What a tensor is made of. */
interface Layout extends Pick<SafetensorsEntry, "dtype" | "shape"> {
  /** Whether it holds the scales of another. */
  readonly isScale?: true;
  /** The weight is read in pieces of so many values, or multiples of it. */
  readonly group: number;
  /** The bytes of a piece of the weight of that name. */
  change(data: Float32Array, name: string): ArrayBufferView<ArrayBufferLike>;
}

type LayoutRules = {
  readonly [Kind in StoredForm["kind"]]: (
    weight: Weight,
    form: StoredForm & { readonly kind: Kind },
    levels: ChannelLevels,
  ) => readonly Layout[];
};

/** The tensors of each form; none where the file of the weight will do. */
const layouts: LayoutRules = {
  float32({ kind, shape }) {
    if (kind === "file") return [];
    return [{ dtype: "F32", shape, group: 1, change: (data) => data }];
  },
  float16(weight) {
    if (weight.kind === "file" && weight.type !== "float32") return [];
    const { shape } = weight;
    return [{ dtype: "F16", shape, group: 1, change: toFloat16 }];
  },
  channels({ shape }, _, levels) {
    const [outputs, inputs, ...rest] = shape;
    const group = outputs * inputs;
    const quantize = (data: Float32Array) =>
      quantizeChannels(data, outputs, levels);
    return [
      {
        dtype: "I8",
        shape: [inputs, outputs, ...rest],
        group,
        change: (data) => quantize(data).values,
      },
      {
        isScale: true,
        dtype: "F32",
        shape: [outputs],
        group,
        change: (data) => quantize(data).scales,
      },
    ];
  },
  int8({ shape }, { group }) {
    const [rows, ...row] = shape;
    const groups = row.reduce((a, b) => a * b, 1) / group;
    const quantize = (data: Float32Array) => quantizeInt8(data, group);
    return [
      { dtype: "I8", shape, group, change: (data) => quantize(data).values },
      {
        isScale: true,
        dtype: "F16",
        shape: [rows, groups],
        group,
        change: (data) => quantize(data).scales,
      },
    ];
  },
  blocks({ shape: [rows, columns] }, { format }) {
    const group = format.block;
    const blocks = columns / group;
    return [
      {
        dtype: "U8",
        shape: [rows, blocks, blockBytes(format)],
        group,
        change: (data) => quantizeBlocks(data, format).values,
      },
      {
        isScale: true,
        dtype: "F32",
        shape: [rows, blocks],
        group,
        change: (data) => blockScales(data, format),
      },
    ];
  },
};

/**
 * The tensors that stand for a weight in a form: none if it lies in a file in
 * a form that sessions take as it is, else its values, and their scales.
 */
export function storedTensors(
  name: string,
  weight: Weight,
  form: StoredForm,
  levels: ChannelLevels,
): StoredTensor[] {
  const found = layouts[form.kind](weight, form as never, levels);
  return found.map(({ isScale, dtype, shape, group, change }) => ({
    name: isScale ? scaleName(name) : name,
    dtype,
    shape,
    async *pieces() {
      for await (const data of readWeightPieces(weight, group)) {
        const { buffer, byteOffset, byteLength } = change(data, name);
        yield new Uint8Array(buffer, byteOffset, byteLength);
      }
    },
  }));
}
