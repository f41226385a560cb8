/** Weights in one file or in several, as their publishers cut them. */

import { basename, dirname, join } from "node:path";
import { isRecord } from "./field.ts";

/** A file of weights. */
export interface WeightFile {
  readonly path: string;
  /** The tensors that are taken from it; all of them if absent. */
  readonly names?: ReadonlySet<string>;
}

/**
 * Names that transformers and diffusers give to a folder's weights, in the
 * order in which they look for them.
 */
const NAMES = [
  "model.safetensors",
  "model.safetensors.index.json",
  "diffusion_pytorch_model.safetensors",
  "diffusion_pytorch_model.safetensors.index.json",
  "pytorch_model.bin",
  "pytorch_model.bin.index.json",
  "diffusion_pytorch_model.bin",
  "diffusion_pytorch_model.bin.index.json",
];

const INDEX = ".index.json";

/**
 * The files of weights at a path: a file, the index of several, or a folder
 * that has either under one of its usual names.
 * @throws Error if there are none, if the index is malformed or leads to other
 * folders, or with the names of the files that are missing
 */
export async function findWeightFiles(
  path: string,
): Promise<readonly WeightFile[]> {
  const { isDirectory } = await Deno.stat(path);
  const file = isDirectory ? join(path, await findName(path)) : path;
  if (!file.endsWith(INDEX)) return [{ path: file }];
  const shards = parseIndex(file, await Deno.readTextFile(file));
  const files = [...shards].map(([name, names]) => (
    { path: join(dirname(file), name), names }
  ));
  const missing: string[] = [];
  for (const { path } of files) {
    if (!await exists(path)) missing.push(basename(path));
  }
  if (missing.length === 0) return files;
  throw new Error(
    `reading ${file}: ${missing.length} of the ${files.length} files it ` +
      `names are missing beside it: ${missing.join(", ")}; fetch them too`,
  );
}

async function findName(folder: string): Promise<string> {
  for (const name of NAMES) if (await exists(join(folder, name))) return name;
  throw new Error(
    `reading weights from the folder ${folder}: none of ${NAMES.join(", ")} ` +
      `is in it; name the file itself`,
  );
}

async function exists(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Which tensors lie in which file, of `{"weight_map": {tensor: file}}`. */
function parseIndex(path: string, text: string): Map<string, Set<string>> {
  const files = new Map<string, Set<string>>();
  for (const [tensor, file] of Object.entries(weightMap(path, text))) {
    if (typeof file !== "string" || !/^[^/\\\0]+$/.test(file)) {
      refuse(path, `"${tensor}" is in the file ${JSON.stringify(file)}`);
    }
    if (file.endsWith(INDEX) || file === "..") {
      refuse(path, `"${tensor}" is in "${file}", which is no file of weights`);
    }
    const names = files.get(file) ?? new Set();
    files.set(file, names.add(tensor));
  }
  if (files.size === 0) refuse(path, "its weight_map is empty");
  return files;
}

function weightMap(path: string, text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    refuse(path, "it is not JSON");
  }
  if (isRecord(value) && isRecord(value.weight_map)) return value.weight_map;
  return refuse(path, "it has no weight_map from tensors to files");
}

function refuse(path: string, found: string): never {
  throw new Error(
    `reading the index ${path}: ${found}; it is damaged or not an index of ` +
      `weights, fetch it again`,
  );
}
