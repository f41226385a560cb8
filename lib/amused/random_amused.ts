/** aMUSEd with weights that nobody trained, in the published layout. */

import { join } from "node:path";
import { parseClipTextConfig } from "../clip/config.ts";
import { clipTextTower } from "../clip/text_tower.ts";
import type { Node } from "../graph/node.ts";
import { input } from "../graph/ops.ts";
import { writeRandomWeights } from "../run/random_weights.ts";
import { clipVocabulary } from "../text/clip_vocabulary.ts";
import { bothDirections } from "../vqgan/model.ts";
import { parseVqModelConfig } from "../vqgan/published.ts";
import { conditionInputs, conditionNodes } from "./condition.ts";
import { maskRow, parseUVitConfig } from "./config.ts";
import { uVitLogits } from "./u_vit.ts";

type Json = Readonly<Record<string, unknown>>;

/** The configurations of the parts, as they are published. */
export interface AmusedJson {
  readonly transformer: Json;
  readonly vqvae: Json;
  readonly text: Json;
}

/**
 * Writes a pipeline's folder: its configurations, float32 weights in pieces,
 * and a tokenizer of the given merges.
 *
 * @returns the number of parameters
 */
export async function writeRandomAmused(
  folder: string,
  json: AmusedJson,
  merges: readonly string[],
): Promise<number> {
  const write = async (path: string, text: string) => {
    await Deno.mkdir(join(folder, path, ".."), { recursive: true });
    await Deno.writeTextFile(join(folder, path), text);
  };
  const config = parseUVitConfig(json.transformer, "config.json");
  const files: Readonly<Record<string, Json>> = {
    "model_index.json": { _class_name: "AmusedPipeline" },
    "scheduler/scheduler_config.json": { mask_token_id: maskRow(config) },
    "transformer/config.json": json.transformer,
    "vqvae/config.json": json.vqvae,
    "text_encoder/config.json": json.text,
    "tokenizer/vocab.json": clipVocabulary(merges),
    "tokenizer/tokenizer_config.json": { pad_token: "!" },
  };
  for (const [path, value] of Object.entries(files)) {
    await write(path, JSON.stringify(value));
  }
  await write("tokenizer/merges.txt", merges.join("\n"));
  let count = 0;
  for (const [path, outputs] of amusedNetworks(json)) {
    const key = "random amused";
    count += await writeRandomWeights(join(folder, path), outputs, key);
  }
  return count;
}

/** The networks of the parts, by the file of their weights. */
export function amusedNetworks(json: AmusedJson): [string, Node[]][] {
  const config = parseUVitConfig(json.transformer, "config.json");
  const text = parseClipTextConfig(json.text);
  const side = config.halved ? 2 : 1;
  const ids = input("tokens", ["1B", side * side], "int32");
  const inputs = conditionInputs(config, text.positions);
  const condition = conditionNodes(config, inputs);
  const vq = parseVqModelConfig(json.vqvae, "config.json", 16);
  const texts = input("ids", ["1B", text.positions], "int32");
  const tower = clipTextTower(text, texts);
  return [
    ["text_encoder/model.safetensors", [tower.embedding]],
    ["transformer/diffusion_pytorch_model.safetensors", [
      uVitLogits(config, ids, [side, side], condition),
    ]],
    ["vqvae/diffusion_pytorch_model.safetensors", bothDirections(vq)],
  ];
}
