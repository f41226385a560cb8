/**
 * Weights in few bits, made of published files in a stream: a network may be
 * larger than the memory that its float32 weights would take.
 */

import { join } from "node:path";
import { leaves, type Node } from "../graph/node.ts";
import { cacheFolder } from "./cache_folder.ts";
import { cachedCopy } from "./cached_copy.ts";
import type { ChannelLevels } from "./channels.ts";
import { int8Levels } from "./int8_levels.ts";
import {
  type Fills,
  type LayerErrorOptions,
  layerErrors,
} from "./layer_errors.ts";
import { loadWeights } from "./load_weights.ts";
import { writeSafetensorsPieces } from "./safetensors.ts";
import {
  type StoredForm,
  storedForms,
  type StoredParameter,
  type StoredPrecision,
} from "./stored_forms.ts";
import { type StoredTensor, storedTensors } from "./stored_tensors.ts";
import type { Weight, Weights } from "./weights.ts";

/** Choices when weights are quantized. */
export interface QuantizedCopyOptions {
  /**
   * Tells matrices of finer scales than the others: blocks of 8 bits where
   * others have 4, or a scale for the whole of a channel. None by default.
   */
  readonly sensitive?: (name: string) => boolean;
  /** The folder of the copies, by default one in {@link cacheFolder}. */
  readonly cache?: string;
  /**
   * What inputs of these names are filled with where layers are tried; see
   * {@linkcode layerErrors}.
   */
  readonly fills?: Fills;
  /**
   * Of weights in int8 on either side of the zero; by default as many as this
   * processor multiplies without loss, see {@linkcode int8Levels}.
   */
  readonly levels?: ChannelLevels;
}

/** Counts up when the same weights would give another file. */
const VERSION = 4;

/**
 * Layers whose result int8 changes by more than this, as a share of it, stay
 * in float32. Without outliers it changes by about 1%.
 */
export const LARGEST_ERROR = 0.05;

/**
 * Networks of more values are not tried, for which all of them would have to be
 * in memory in float32: there, all matrices are sensitive in int8.
 */
const MOST_TRIED = 1e9;

/**
 * The weights that the outputs depend on, as a precision has them; see
 * {@linkcode storedForms}. What changes lies in a file of the cache, which is
 * written the first time; sessions read it from there, and the rest where it
 * lies. Where layers are in int8 throughout, those that it would change too
 * much stay in float32.
 *
 * @param weights in files, with all that the outputs depend on
 * @throws Error if a weight is not in a file or the file ends too early, or if
 * the cache can't be written
 */
export async function quantizedCopy(
  outputs: readonly Node[],
  weights: Weights,
  precision: StoredPrecision,
  {
    sensitive = () => false,
    cache = join(cacheFolder(), "quantized"),
    fills = {},
    levels: asked,
  }: QuantizedCopyOptions = {},
): Promise<Weights> {
  const isLarge = precision === "int8" && countValues(outputs) > MOST_TRIED;
  const forms = storedForms(
    outputs,
    precision,
    (name) => sensitive(name) || isLarge,
  );
  const own = new Map(
    [...forms.keys()].map((name) =>
      [name, inFile(name, weights.get(name)!)] as const
    ),
  );
  const sources = new Set([...own.values()].map(({ path }) => path));
  const levels = asked ?? await int8Levels();
  const origin = {
    folder: cache,
    sources: [...sources].sort(),
    settings: [VERSION, precision, levels, fills, [...forms]],
  };
  const path = await cachedCopy(origin, async (path) => {
    const exact = await tooCoarse(outputs, own, forms, { fills, levels });
    const tensors = [...forms].flatMap(([name, { form }]) =>
      storedTensors(
        name,
        own.get(name)!,
        exact.has(name) ? FLOAT32 : form,
        levels,
      )
    );
    const write = ({ pieces }: StoredTensor) => pieces();
    await writeSafetensorsPieces(path, tensors, write, { precision });
  });
  return new Map([...own, ...await loadWeights(path)]);
}

/** The weight, which is in a file. */
function inFile(name: string, weight: Weight) {
  if ("path" in weight) return weight;
  throw new TypeError(
    `Cannot quantize ${name}: it is in memory, wanted all weights in files ` +
      `of float32, float16 or bfloat16`,
  );
}

function countValues(outputs: readonly Node[]): number {
  return leaves(outputs, "parameter").map(({ shape }) =>
    (shape as number[]).reduce((a, b) => a * b, 1)
  ).reduce((a, b) => a + b, 0);
}

const FLOAT32: StoredForm = { kind: "float32" };

/** The matrices of layers that one scale a channel changes too much. */
async function tooCoarse(
  outputs: readonly Node[],
  weights: Weights,
  forms: ReadonlyMap<string, StoredParameter>,
  options: LayerErrorOptions,
): Promise<ReadonlySet<string>> {
  const names = [...forms].filter(([, { form }]) => form.kind === "channels")
    .map(([name]) => name);
  const errors = await layerErrors(outputs, weights, new Set(names), options);
  return new Set(names.filter((name) => !(errors.get(name)! < LARGEST_ERROR)));
}
