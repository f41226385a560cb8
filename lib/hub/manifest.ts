/** Makes the list of the weights in a folder from the files themselves. */

import { writeAtomic } from "../run/atomic.ts";
import { readSafetensorsHeader } from "../run/safetensors.ts";
import { checkTokenizer } from "./check_tokenizer.ts";
import {
  type EmbeddedModel,
  type Manifest,
  measureFile,
  type WeightsFile,
} from "./embedded.ts";

/** Where a file comes from, which its bytes don't tell. */
type Origin = Pick<WeightsFile, "config" | "source" | "licence">;

/**
 * Lists every `.safetensors` file in the folder and below, with its size and
 * hash. What the old list says of a file's origin stays; a new file's origin
 * is read from its metadata. A folder with `tokenizer.safetensors` and
 * `base.safetensors` is a model by its name, if it isn't one already.
 *
 * @param old the list so far, perhaps of nothing
 * @throws Error if a file's origin is unknown, a model's file is gone, or its
 * tokenizer is not the one that its base transformer learned from
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
  const models = { ...findModels(paths), ...old.models };
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
      config: path.replace(/[^/]*$/, `${stage}.json`),
      source: "trained here on datasets/emoji",
      licence: "Apache-2.0",
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

/** Folders that hold a model, by name. */
function findModels(
  paths: readonly string[],
): Record<string, EmbeddedModel> {
  const folders = paths
    .filter((path) => path.endsWith("/base.safetensors"))
    .map((path) => path.replace(/\/[^/]*$/, ""))
    .filter((folder) => paths.includes(`${folder}/tokenizer.safetensors`));
  return Object.fromEntries(folders.map((folder) => [folder, {
    tokenizer: `${folder}/tokenizer.safetensors`,
    base: `${folder}/base.safetensors`,
    text: "text",
  }]));
}

function checkModels(
  root: string,
  models: Manifest["models"],
  paths: readonly string[],
): void {
  for (const [name, { tokenizer, base, text }] of Object.entries(models)) {
    const there = (part: string) =>
      paths.some((path) => path === part || path.startsWith(`${part}/`));
    const missing = [tokenizer, base, text].filter((part) => !there(part));
    if (missing.length > 0) {
      throw new Error(
        `Cannot list the weights in ${root}: the model "${name}" lacks ` +
          `${missing.join(", ")}; put the weights there`,
      );
    }
  }
}
