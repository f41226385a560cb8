/** A pipeline's folder in the layout in which diffusers publishes aMUSEd. */

import { join } from "node:path";
import { howToLoad } from "../hub/no_model.ts";
import { isFile } from "../run/is_file.ts";
import { readJson } from "../text/read_json.ts";
import { maskRow, parseUVitConfig, type UVitConfig } from "./config.ts";

/** In which precision weights are published, each in files of its own. */
export type Variant = "fp32" | "fp16";

/** The files of a pipeline. */
export interface AmusedFolder {
  readonly transformer: UVitConfig;
  /** Paths of the parts' weights. */
  readonly weights: {
    readonly transformer: string;
    readonly tokenizer: string;
    readonly text: string;
  };
  /** Folders of the parts that have more files. */
  readonly tokenizer: string;
  readonly text: string;
  readonly textTokenizer: string;
}

/** Where the weights of each part are, without what ends the name. */
const STEMS = {
  transformer: "transformer/diffusion_pytorch_model",
  tokenizer: "vqvae/diffusion_pytorch_model",
  text: "text_encoder/model",
} as const;

/** The end of a file's name by its precision. */
const ENDINGS: Readonly<Record<Variant, string>> = {
  fp32: ".safetensors",
  fp16: ".fp16.safetensors",
};

/**
 * Finds the weights of a part.
 *
 * @param variant of them; by default float32 where there is that, else float16
 * @throws Error if there are none
 */
export function findWeights(
  folder: string,
  part: keyof AmusedFolder["weights"],
  variant?: Variant,
): string {
  const variants: readonly Variant[] = variant ? [variant] : ["fp32", "fp16"];
  const paths = variants.map((one) => STEMS[part] + ENDINGS[one]);
  for (const path of paths) {
    if (isFile(join(folder, path))) return join(folder, path);
  }
  throw notLoaded(folder, `found no ${paths.join(" and no ")} there`);
}

function notLoaded(folder: string, what: string): Error {
  return new Error(`Cannot load the model in ${folder}: ${what}`);
}

/**
 * Finds the files of a pipeline.
 *
 * @param variant of the weights; by default float32 where there is that, else
 * float16
 * @throws Error if it is no folder of aMUSEd's, or a file is missing
 */
export async function findAmused(
  folder: string,
  variant?: Variant,
): Promise<AmusedFolder> {
  const inside = (path: string) => join(folder, path);
  if (!isFile(inside("model_index.json"))) {
    throw notLoaded(
      folder,
      howToLoad(folder) ??
        "found no model_index.json there, wanted a folder as diffusers saves it",
    );
  }
  const index = await readJson<Json>(inside("model_index.json"));
  if (!/^Amused\w*Pipeline$/.test(String(index._class_name))) {
    throw notLoaded(
      folder,
      `its model_index.json says "${index._class_name}", wanted ` +
        `"AmusedPipeline"`,
    );
  }
  const file = inside("transformer/config.json");
  const transformer = parseUVitConfig(await readJson(file), file);
  const scheduler = await readJson<Json>(
    inside("scheduler/scheduler_config.json"),
  );
  if (scheduler.mask_token_id !== maskRow(transformer)) {
    throw notLoaded(
      folder,
      "its scheduler_config.json has the mask_token_id " +
        `${scheduler.mask_token_id}, wanted ${maskRow(transformer)}, the ` +
        "last row of the transformer's table",
    );
  }
  return {
    transformer,
    weights: {
      transformer: findWeights(folder, "transformer", variant),
      tokenizer: findWeights(folder, "tokenizer", variant),
      text: findWeights(folder, "text", variant),
    },
    tokenizer: inside("vqvae"),
    text: inside("text_encoder"),
    textTokenizer: inside("tokenizer"),
  };
}

type Json = Readonly<Record<string, unknown>>;
