/** The weights of files, for sessions and for interpreting. */

import { blockWeights, channelWeights } from "./block_files.ts";
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
import { torchAsSafetensors, type TorchCopyOptions } from "./torch_convert.ts";
import { isTorchFile, openTorch } from "./torch_file.ts";
import { weightsInPlace } from "./torch_weights.ts";
import { findWeightFiles } from "./weight_files.ts";
import type { Weight, Weights } from "./weights.ts";

const FLOATS: Partial<
  Record<SafetensorsDtype, "float32" | "float16" | "bfloat16">
> = { F32: "float32", F16: "float16", BF16: "bfloat16" };

/** Choices when weights are loaded. */
export interface LoadWeightsOptions extends TorchCopyOptions {
  /**
   * Turn int8 into float32 now and not at every run: for networks that run
   * many times. All weights are in memory then, since the runtime takes them
   * either from files or from memory. False by default.
   */
  readonly widen?: boolean;
}

/**
 * The weights at a path: a safetensors or PyTorch file, the `.index.json` of
 * several, or a folder with either under its usual name. The files' first bytes
 * tell which they are.
 *
 * They stay there and are read when a session is made. Where a PyTorch file has
 * tensors that the runtime can't take from it (views, compressed ones, float64,
 * unaligned ones of old files), a copy in the cache is made once and used; see
 * {@link torchAsSafetensors}.
 * @throws Error if a file is damaged, if one that an index names is missing, or
 * if an int8 tensor has no fitting scales
 */
export async function loadWeights(
  path: string,
  options: LoadWeightsOptions = {},
): Promise<Weights> {
  const weights = new Map<string, Weight>();
  for (const file of await findWeightFiles(path)) {
    const loaded = await loadFile(file.path, options);
    for (const name of file.names ?? []) {
      if (loaded.names.has(name)) continue;
      throw new Error(
        `reading ${path}: "${name}" is not in ${file.path}, as it says; ` +
          `fetch both again`,
      );
    }
    for (const [name, weight] of loaded.weights) {
      if (file.names?.has(name) ?? true) weights.set(name, weight);
    }
  }
  return weights;
}

/** Weights of a file, and the names of all its tensors. */
interface LoadedFile {
  readonly names: ReadonlyMap<string, unknown>;
  readonly weights: Weights;
}

async function loadFile(
  path: string,
  options: LoadWeightsOptions,
): Promise<LoadedFile> {
  if (await isTorchFile(path)) return await loadTorch(path, options);
  if (options.stateDict !== undefined) {
    throw new Error(
      `reading ${path}: the state dict "${options.stateDict}" was asked for, ` +
        `and only PyTorch files have some; leave stateDict out`,
    );
  }
  return await loadSafetensors(await readSafetensorsHeader(path), options);
}

async function loadTorch(
  path: string,
  options: TorchCopyOptions,
): Promise<LoadedFile> {
  const torch = await openTorch(path, options);
  const inPlace = await weightsInPlace(torch);
  if (inPlace) return { names: torch.tensors, weights: inPlace };
  const copy = await torchAsSafetensors(path, options);
  const header = await readSafetensorsHeader(copy);
  // int8 of others has scales of another kind, or is no weight.
  const tensors = new Map(
    [...header.tensors].filter(([, { dtype }]) => dtype !== "I8"),
  );
  const { weights } = await loadSafetensors({ ...header, tensors }, {});
  return { names: torch.tensors, weights };
}

async function loadSafetensors(
  header: SafetensorsHeader,
  { widen = false }: LoadWeightsOptions,
): Promise<LoadedFile> {
  const names = header.tensors;
  const hasInt8 = [...names.values()].some(({ dtype }) => dtype === "I8");
  if (widen && hasInt8) {
    return { names, weights: inMemory(await readWeightsF32(header)) };
  }
  const path = await Deno.realPath(header.path); // the runtime refuses links
  const weights = new Map<string, Weight>(channelWeights(header, path));
  const doubles: string[] = [];
  for (const [name, { dtype, ...place }] of names) {
    const type = FLOATS[dtype];
    if (weights.has(name)) continue;
    if (dtype === "I8") {
      const { offset, length } = findScales(header, name);
      const scales = { offset, length };
      weights.set(name, { kind: "int8", path, ...place, scales });
    } else if (type) {
      weights.set(name, { kind: "file", path, type, ...place });
    } else if (dtype === "F64") doubles.push(name);
  }
  for (const [name, weight] of blockWeights(header, path)) {
    weights.set(name, weight);
  }
  for (const [name, { kind }] of weights) {
    if (kind === "memory" || kind === "file") continue;
    weights.delete(scaleName(name));
  }
  const rounded = inMemory(await readTensorsF32(header, doubles));
  return { names, weights: new Map([...weights, ...rounded]) };
}

function inMemory(tensors: ReadonlyMap<string, FloatTensor>): Weights {
  return new Map(
    [...tensors].map(([name, tensor]) => [name, { kind: "memory", ...tensor }]),
  );
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
