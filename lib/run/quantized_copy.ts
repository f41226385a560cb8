/**
 * Weights in few bits, made of published files in a stream: a network may be
 * larger than the memory that its float32 weights would take.
 */

import { join } from "node:path";
import type { Node } from "../graph/node.ts";
import { BLOCKS, blockScales, quantizeBlocks } from "./blocks.ts";
import { blockBytes } from "./block_files.ts";
import { cacheFolder } from "./cache_folder.ts";
import { cachedCopy } from "./cached_copy.ts";
import { loadWeights } from "./load_weights.ts";
import { quantizeInt8, scaleName } from "./quantize.ts";
import {
  type SafetensorsEntry,
  writeSafetensorsPieces,
} from "./safetensors.ts";
import { type StoredForm, storedForms } from "./stored_forms.ts";
import type { Weight, Weights } from "./weights.ts";
import { readWeightPieces } from "./weights_together.ts";

/** How many bits the weights of linear layers have. */
export type QuantizedPrecision = keyof typeof BLOCKS;

/** Choices when weights are quantized. */
export interface QuantizedCopyOptions {
  /** Tells matrices of 8 bits where others have 4; none by default. */
  readonly sensitive?: (name: string) => boolean;
  /** The folder of the copies, by default one in {@link cacheFolder}. */
  readonly cache?: string;
}

/** Counts up when the same weights would give another file. */
const VERSION = 1;

/** A tensor of the copy, computed anew whenever its bytes are asked for. */
type Stored = Pick<SafetensorsEntry, "name" | "dtype" | "shape"> & {
  readonly pieces: () => AsyncIterable<Uint8Array>;
};

/**
 * The weights that the outputs depend on, quantized: matrices of linear layers
 * in blocks, large tables in int8, all else in float32. They lie in a file of
 * the cache, which is written the first time; sessions read it from there.
 *
 * @param weights in files, with all that the outputs depend on
 * @throws Error if a weight is not in a file or the file ends too early, or if
 * the cache can't be written
 */
export async function quantizedCopy(
  outputs: readonly Node[],
  weights: Weights,
  precision: QuantizedPrecision,
  { sensitive = () => false, cache = join(cacheFolder(), "quantized") }:
    QuantizedCopyOptions = {},
): Promise<Weights> {
  const forms = storedForms(
    outputs,
    (name) => sensitive(name) ? BLOCKS.int8 : BLOCKS[precision],
  );
  const sources = new Set<string>();
  const tensors: Stored[] = [];
  for (const [name, { form }] of forms) {
    const weight = weights.get(name)!;
    if (!("path" in weight)) {
      throw new TypeError(
        `Cannot quantize ${name}: it is in memory, wanted all weights in ` +
          `files of float32, float16 or bfloat16`,
      );
    }
    sources.add(weight.path);
    tensors.push(...store(name, weight, form));
  }
  const origin = {
    folder: cache,
    sources: [...sources].sort(),
    settings: [VERSION, precision, [...forms]],
  };
  const path = await cachedCopy(
    origin,
    (path) =>
      writeSafetensorsPieces(path, tensors, ({ pieces }) => pieces(), {
        precision,
      }),
  );
  return await loadWeights(path);
}

/** The tensors of a file that stand for a weight. */
function store(name: string, weight: Weight, form: StoredForm): Stored[] {
  const { shape } = weight;
  const tensor = (
    suffix: "" | "scale",
    dtype: SafetensorsEntry["dtype"],
    shape: readonly number[],
    group: number,
    change: (data: Float32Array) => ArrayBufferView<ArrayBufferLike>,
  ): Stored => ({
    name: suffix === "scale" ? scaleName(name) : name,
    dtype,
    shape,
    async *pieces() {
      for await (const data of readWeightPieces(weight, group)) {
        const { buffer, byteOffset, byteLength } = change(data);
        yield new Uint8Array(buffer, byteOffset, byteLength);
      }
    },
  });
  switch (form.kind) {
    case "float32":
      return [tensor("", "F32", shape, 1, (data) => data)];
    case "int8": {
      const { group } = form;
      const [rows, ...row] = shape;
      const groups = row.reduce((a, b) => a * b, 1) / group;
      const quantize = (data: Float32Array) => quantizeInt8(data, group);
      return [
        tensor("", "I8", shape, group, (data) => quantize(data).values),
        tensor(
          "scale",
          "F16",
          [rows, groups],
          group,
          (data) => quantize(data).scales,
        ),
      ];
    }
    case "blocks": {
      const { format } = form;
      const { block } = format;
      const [rows, columns] = shape;
      const blocks = columns / block;
      return [
        tensor(
          "",
          "U8",
          [rows, blocks, blockBytes(format)],
          block,
          (data) => quantizeBlocks(data, format).values,
        ),
        tensor(
          "scale",
          "F32",
          [rows, blocks],
          block,
          (data) => blockScales(data, format),
        ),
      ];
    }
  }
}
