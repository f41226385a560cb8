/** The tokenizer of a model, or one alone, that a command was told of. */

import { basename, join, resolve } from "node:path";
import { readManifest, weightsPath } from "../hub/embedded.ts";
import { locateModel, readModelFolder } from "../hub/model_folder.ts";
import { hashFile } from "../hub/part.ts";
import type { RunOptions } from "../run/precise_weights.ts";
import { findWeightFiles } from "../run/weight_files.ts";
import { readJson } from "../text/read_json.ts";
import { loadTokenizer } from "../vqgan/load.ts";
import type { Tokenizer } from "../vqgan/model.ts";
import { loadVqModel, parseVqModelConfig } from "../vqgan/published.ts";
import { UsageError } from "./errors.ts";
import { modelKind } from "./model_kind.ts";
import { networkPath } from "./network_path.ts";

/** A tokenizer with what a run says of it. */
export interface NamedTokenizer {
  readonly name: string;
  readonly tokenizer: Tokenizer;
  /** SHA-256 of its weights. */
  readonly hash: string;
}

/** Which one. */
export interface TokenizerChoice {
  readonly model: string;
  readonly weights: string | undefined;
  /** That of the super-resolved pictures. */
  readonly high: boolean;
  /** How it is run. */
  readonly run: RunOptions;
}

/** Pixels a side that diffusers' tokenizers are used with unless it is said. */
const SIDE = 256;

/**
 * Opens the tokenizer of one of our models, of a pipeline as diffusers saves
 * it, or of a file or checkpoint that is nothing else.
 *
 * @throws Error if there is none, or it is damaged
 */
export async function openTokenizer(
  choice: TokenizerChoice,
): Promise<NamedTokenizer> {
  const { model, weights, high, run } = choice;
  const own = await ownPath(choice);
  if (own === undefined && high) {
    throw new UsageError(`${model} has no super-resolution; leave out --high.`);
  }
  if (own !== undefined) {
    const tokenizer = await loadTokenizer(own, run);
    return { name: model, tokenizer, hash: (await hashFile(own)).sha256 };
  }
  const kind = modelKind(model, weights);
  if (kind.kind === "folder") {
    return await openVqModel(join(kind.folder, "vqvae"), model, run, kind.side);
  }
  if (kind.kind === "checkpoint") {
    const part = `${model}/vqvae`;
    const folder = await networkPath(part, `rebuilding by ${model}`, "model");
    return await openVqModel(join(folder, "vqvae"), model, run, kind.side);
  }
  const path = await networkPath(model, `rebuilding by ${model}`, "model");
  const tokenizer = await loadTokenizer(path, run);
  return { name: basename(model), tokenizer, hash: await hashAll(path) };
}

/** The path of the tokenizer of one of our models; undefined for others. */
async function ownPath(
  { model, weights, high }: TokenizerChoice,
): Promise<string | undefined> {
  const { models } = await readManifest(weights);
  if (!Object.hasOwn(models, model) && !readModelFolder(model)) {
    return undefined;
  }
  const { manifest, parts } = await locateModel(model, weights);
  const path = high ? parts.superres?.tokenizer : parts.tokenizer;
  if (path !== undefined) return resolve(weightsPath(manifest, path));
  throw new UsageError(
    `the model "${model}" has no super-resolution; leave out --high.`,
  );
}

async function openVqModel(
  folder: string,
  model: string,
  run: RunOptions,
  side: number = SIDE,
): Promise<NamedTokenizer> {
  const path = join(folder, "config.json");
  const config = parseVqModelConfig(await readJson(path), path, side);
  const tokenizer = await loadVqModel(config, folder, run);
  const name = basename(resolve(model));
  return { name, tokenizer, hash: await hashAll(folder) };
}

async function hashAll(path: string): Promise<string> {
  const hashes: string[] = [];
  for (const file of await findWeightFiles(path)) {
    hashes.push((await hashFile(file.path)).sha256);
  }
  return hashes.join("+");
}
