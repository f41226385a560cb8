/** baaivision's Muse: a model that the library's functions draw with. */

import { basename, dirname, join } from "node:path";
import { readAdapters } from "../amused/adapters.ts";
import { loadClipText } from "../amused/text.ts";
import { input } from "../graph/ops.ts";
import { loadTogether } from "../muse/load_together.ts";
import type { TokenModel } from "../muse/model.ts";
import type { Model } from "../muse/pipeline.ts";
import { checkWeights } from "../run/check_weights.ts";
import { loadWeights } from "../run/load_weights.ts";
import {
  preciseWeights,
  runOf,
  type RunOptions,
} from "../run/precise_weights.ts";
import { sampledHash } from "../run/sampled_hash.ts";
import { loadClipTokenizer } from "../text/clip_tokenizer.ts";
import type { PromptEncoder } from "../text/encode.ts";
import { readJson } from "../text/read_json.ts";
import { gridSize } from "../vqgan/config.ts";
import type { Tokenizer } from "../vqgan/model.ts";
import { loadTaming } from "../vqgan/taming_load.ts";
import { type BaaiConfig, CC3M, parseBaaiConfig } from "./config.ts";
import type { BaaiFiles } from "./files.ts";
import { type BaaiModelOptions, createBaaiModel } from "./model.ts";
import { BAAI_DEFAULTS } from "./options.ts";
import { baaiLogits } from "./u_vit.ts";

/** Choices when a model is loaded. */
export interface BaaiOptions extends BaaiModelOptions, RunOptions {
  /** What it is called; by default as the folder of its transformer. */
  readonly name?: string;
}

/** Pixels a side of a token. */
const TOKEN = 16;

/**
 * Loads baaivision's Muse (MUSE-Pytorch) from its files. With `lowMemory`, the
 * text encoder's weights are there while it reads only.
 *
 * @throws Error if a file is missing or damaged or the parts don't fit each
 * other
 */
export async function loadBaai(
  files: BaaiFiles,
  options: BaaiOptions = {},
): Promise<Model> {
  const { lowMemory = false } = options;
  const run = runOf(options);
  const { name = basename(dirname(files.transformer)) } = options;
  const config = await readConfig(files);
  const text = join(files.text, "model.safetensors");
  const hash = await sampledHash([files.transformer, files.tokenizer, text]);
  const adapters = await readAdapters([]);
  const readText = async () =>
    await loadClipText(
      files.text,
      text,
      await loadClipTokenizer(files.textTokenizer),
      { ...run, lowMemory, adapters, last: true },
    );
  const imageSize = config.side * TOKEN;
  return await loadTogether(
    [readText(), loadTaming(files.tokenizer, { ...run, imageSize })],
    async ([encoder, tokenizer]) => {
      checkFit(name, config, encoder, tokenizer);
      const base = await loadTransformer(config, files, options);
      return {
        ...{ name, hash, encoder, base, tokenizer },
        defaults: BAAI_DEFAULTS,
        async release() {
          const all = [encoder, base, tokenizer];
          await Promise.all(all.map((part) => part.release()));
        },
      };
    },
  );
}

/** The sizes that lie beside the transformer, or those of the one on CC3M. */
async function readConfig({ transformer }: BaaiFiles): Promise<BaaiConfig> {
  const path = join(dirname(transformer), "config.json");
  try {
    await Deno.stat(path);
  } catch {
    return CC3M;
  }
  return parseBaaiConfig(await readJson(path), path);
}

async function loadTransformer(
  config: BaaiConfig,
  { transformer: path }: BaaiFiles,
  options: BaaiOptions,
): Promise<TokenModel> {
  const { side, textLength, textWidth } = config;
  const own = await loadWeights(path);
  const tokens = input("tokens", ["1B", side ** 2], "int32");
  const states = input("states", ["1B", textLength, textWidth]);
  const logits = baaiLogits(config, tokens, states);
  checkWeights(path, own, [logits]);
  const weights = await preciseWeights([logits], own, runOf(options));
  return createBaaiModel(config, weights, options);
}

function checkFit(
  name: string,
  { codes, textWidth, textLength, side }: BaaiConfig,
  encoder: PromptEncoder,
  tokenizer: Tokenizer,
): void {
  const faults = [
    ["codes of the tokenizer", tokenizer.config.codes, codes],
    ["width of the text encoder", encoder.width, textWidth],
    ["states of a text", encoder.length, textLength],
    ["tokens a side", gridSize(tokenizer.config), side],
  ].filter(([, found, wanted]) => found !== wanted);
  if (faults.length === 0) return;
  throw new Error(
    `Cannot load the model ${name}: the transformer is made for other parts (${
      faults.map(([what, found, wanted]) => `${what}: ${found}, not ${wanted}`)
        .join("; ")
    }); take parts that were published together`,
  );
}
