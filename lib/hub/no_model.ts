/** Why a name is no model's, and what was probably meant by it. */

import { join, resolve } from "node:path";
import { hint } from "../run/nearest.ts";
import { catalogued } from "./catalogue.ts";
import type { Manifest } from "./embedded.ts";

/** The files without which a folder is no model of ours. */
const NEEDED = ["tokenizer.safetensors", "base.safetensors"];

/**
 * The error for a name that a list of models hasn't, nor the path of a folder
 * with a model.
 */
export async function noModel(
  name: string,
  { models, root }: Pick<Manifest, "models" | "root">,
): Promise<Error> {
  const folder = resolve(name);
  if (await isThere(join(folder, "model_index.json"))) {
    return cannot(
      name,
      "found a folder as diffusers saves it, wanted one of ours; load it " +
        "with loadAmused()",
    );
  }
  if (await isThere(folder)) {
    const missing: string[] = [];
    for (const file of NEEDED) {
      if (!await isThere(join(folder, file))) missing.push(file);
    }
    return cannot(
      name,
      `found no ${missing.join(" and no ")} in ${folder}, wanted the files ` +
        "that `deno task train STAGE --export FILE` writes",
    );
  }
  const published = howToLoad(name);
  if (published) return cannot(name, published);
  const names = Object.keys(models);
  return cannot(
    name,
    `found ${names.join(", ") || "no model"} in ${root}${hint(name, names)}`,
  );
}

/**
 * What to do with a name of the catalogue in place of loading it; undefined
 * where it is none.
 */
export function howToLoad(name: string): string | undefined {
  const entry = catalogued(name);
  if (!entry) return undefined;
  const get = `found the name of a published checkpoint (${entry.about}); ` +
    `get it by \`deno task weights pull ${name}\``;
  const folder = `(await findCheckpoint("${name}")).folder`;
  return name.startsWith("amused-")
    ? `${get}, then loadAmused(${folder})`
    : `${get}; it is in ${folder}`;
}

function cannot(name: string, why: string): Error {
  return new Error(`Cannot load the model "${name}": ${why}`);
}

async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
