/** Makes the list of the weights in a folder from the files themselves. */

import { writeAtomic } from "../run/atomic.ts";
import { readSafetensorsHeader } from "../run/safetensors.ts";
import { checkTokenizer } from "./check_tokenizer.ts";
import { modelOf } from "./model_folder.ts";
import {
  type EmbeddedModel,
  type Manifest,
  measureFile,
  modelFiles,
  type WeightsFile,
} from "./embedded.ts";

/** Where a file comes from, which its bytes don't tell. */
type Origin = Pick<WeightsFile, "config" | "source" | "licence">;

/**
 * Lists every `.safetensors` file in the folder and below, with its size and
 * hash. What the old list says of a file's origin stays; a new file's origin
 * is read from its metadata. A folder with `tokenizer.safetensors` and
 * `base.safetensors` is a model by its name, if it isn't one already; with
 * `superres.safetensors` and `tokenizer_high.safetensors`, or its finetuned
 * `decoder.safetensors`, it has super-resolution.
 *
 * @param old the list so far, perhaps of nothing
 * @throws Error if a file's origin is unknown, a model's file is gone, or a
 * tokenizer is not the one that its transformers learned from
 */
export async function makeManifest(old: Manifest): Promise<Manifest> {
  const { root } = old;
  const files: WeightsFile[] = [];
  for (const path of await findWeights(root)) {
    const { bytes, sha256 } = await measureFile(`${root}/${path}`);
    const known = old.files.find((file) => file.path === path);
    const { config, source, licence } = known ??
      await readOrigin(root, path);
    files.push({
      path,
      bytes,
      sha256,
      ...(config === undefined ? {} : { config }),
      source,
      licence,
    });
  }
  const paths = files.map(({ path }) => path);
  const found = findModels(paths);
  const models: Record<string, EmbeddedModel> = { ...found };
  for (const [name, model] of Object.entries(old.models)) {
    // It may have got super-resolution since, or another decoder for it.
    const { superres = model.superres } = found[name] ?? {};
    models[name] = { ...found[name], ...model, ...(superres && { superres }) };
  }
  checkModels(root, models, paths);
  for (const [name, model] of Object.entries(models)) {
    const doing = `list the model "${name}"`;
    await checkTokenizer(doing, { root, files }, model);
  }
  return { root, models, files };
}

/** Writes the list as `manifest.json` into its folder. */
export async function writeManifest(
  { root, models, files }: Manifest,
): Promise<void> {
  const json = JSON.stringify({ models, files }, null, 2);
  const bytes = new TextEncoder().encode(`${json}\n`);
  await writeAtomic(`${root}/manifest.json`, [bytes]);
}

/** Paths below the folder, in order. */
async function findWeights(root: string, below = ""): Promise<string[]> {
  const paths: string[] = [];
  for await (const { name } of Deno.readDir(`${root}/${below}`)) {
    const path = below + name;
    // A folder may be a link to one.
    if ((await Deno.stat(`${root}/${path}`)).isDirectory) {
      paths.push(...await findWeights(root, `${path}/`));
    } else if (name.endsWith(".safetensors")) paths.push(path);
  }
  return paths.sort();
}

async function readOrigin(root: string, path: string): Promise<Origin> {
  const { metadata } = await readSafetensorsHeader(`${root}/${path}`);
  const { stage, model, license } = metadata;
  if (stage !== undefined) {
    return {
      config: await findConfig(root, path, stage),
      ...trainedOn(metadata.data),
    };
  }
  if (model !== undefined && license !== undefined) {
    return { source: model, licence: license };
  }
  throw new Error(
    `Cannot list ${root}/${path}: neither the manifest nor the file's ` +
      `metadata says where it comes from; add it to "files" in ` +
      `${root}/manifest.json with its "path", "source" and "licence"`,
  );
}

/**
 * What a file trained here comes from. Who trains on own data decides what may
 * be done with the weights, and the list is the place to say it.
 */
function trainedOn(data: string | undefined): Omit<Origin, "config"> {
  if (data === undefined) {
    return { source: "trained here on datasets/emoji", licence: "Apache-2.0" };
  }
  const { set } = JSON.parse(data);
  return { source: `trained here on ${set}`, licence: "not stated" };
}

/** The configuration of a file's training: of its own name, or the stage's. */
async function findConfig(
  root: string,
  path: string,
  stage: string,
): Promise<string> {
  const own = path.replace(/\.safetensors$/, ".json");
  try {
    await Deno.stat(`${root}/${own}`);
    return own;
  } catch {
    return path.replace(/[^/]*$/, `${stage}.json`);
  }
}

/** Folders that hold a model, by name. */
function findModels(
  paths: readonly string[],
): Record<string, EmbeddedModel> {
  const models: Record<string, EmbeddedModel> = {};
  for (const path of paths) {
    const [, folder] = /^(.*)\/base\.safetensors$/.exec(path) ?? [];
    if (folder === undefined) continue;
    const model = modelOf(folder, paths, "text");
    if (model) models[folder] = model;
  }
  return models;
}

function checkModels(
  root: string,
  models: Manifest["models"],
  paths: readonly string[],
): void {
  for (const [name, model] of Object.entries(models)) {
    const there = (part: string) =>
      paths.some((path) => path === part || path.startsWith(`${part}/`));
    const missing = [...modelFiles(model), model.text]
      .filter((part) => !there(part));
    if (missing.length > 0) {
      throw new Error(
        `Cannot list the weights in ${root}: the model "${name}" lacks ` +
          `${missing.join(", ")}; put the weights there`,
      );
    }
  }
}
