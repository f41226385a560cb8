/** Models by the names of their files: those of a list, or of any folder. */

import { basename, resolve } from "node:path";
import {
  type EmbeddedModel,
  embeddedPath,
  findModel,
  type Manifest,
  measureFile,
  modelFiles,
  readManifest,
  type WeightsFile,
} from "./embedded.ts";
import { noModel } from "./no_model.ts";

/**
 * The model that a folder's files make up, by the names that `train` exports
 * them under: `tokenizer` and `base`; with `superres` and `tokenizer_high`, or
 * the `decoder` finetuned for the latter's tokens, it has super-resolution.
 *
 * @param paths of all files; those of the folder begin with its path
 * @param text the folder of the text encoder
 * @returns undefined if the first two aren't both there
 */
export function modelOf(
  folder: string,
  paths: readonly string[],
  text: string,
): EmbeddedModel | undefined {
  const find = (name: string) => {
    const path = `${folder}/${name}.safetensors`;
    return paths.includes(path) ? path : undefined;
  };
  const [tokenizer, base] = [find("tokenizer"), find("base")];
  if (!tokenizer || !base) return undefined;
  const [high, transformer] = [
    find("decoder") ?? find("tokenizer_high"),
    find("superres"),
  ];
  return {
    tokenizer,
    base,
    text,
    ...(high && transformer && { superres: { tokenizer: high, transformer } }),
  };
}

/** Where a model is. */
export interface LocatedModel {
  /** A word for it. */
  readonly name: string;
  /** The list that its files are checked against. */
  readonly manifest: Manifest;
  /** Its files. */
  readonly parts: EmbeddedModel;
}

/**
 * Finds a model by its name in a list of weights, or by the path of a folder
 * with its files, which needs no list: it reads the repository's text encoder.
 *
 * @param weights folder of the list; that of the repository by default
 * @throws Error if there is neither
 */
export async function locateModel(
  name: string,
  weights?: string,
): Promise<LocatedModel> {
  const manifest = await readManifest(weights);
  if (Object.hasOwn(manifest.models, name)) {
    return { name, manifest, parts: findModel(manifest, name) };
  }
  const parts = readModelFolder(name);
  if (parts) return await listFolder(name, parts);
  throw await noModel(name, manifest);
}

/** The files of a folder's model, by full paths; undefined if it isn't one. */
export function readModelFolder(folder: string): EmbeddedModel | undefined {
  const root = resolve(folder);
  try {
    const paths = [...Deno.readDirSync(root)]
      .map(({ name }) => `${root}/${name}`);
    return modelOf(root, paths, embeddedPath("text"));
  } catch { // it isn't a folder
    return undefined;
  }
}

/** A list of a folder's files as they are now, and of the text encoder's. */
async function listFolder(
  folder: string,
  parts: EmbeddedModel,
): Promise<LocatedModel> {
  const files = await Promise.all(
    modelFiles(parts).map(async (path): Promise<WeightsFile> => ({
      path,
      ...await measureFile(path),
      source: "trained here",
      licence: "not stated",
    })),
  );
  const own = await readManifest();
  const texts = own.files.filter(({ path }) => path.startsWith("text/"))
    .map((file) => ({ ...file, path: embeddedPath(file.path) }));
  const name = basename(resolve(folder));
  const manifest = {
    root: "",
    models: { [name]: parts },
    files: [...files, ...texts],
  };
  return { name, manifest, parts };
}
