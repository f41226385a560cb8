/** The tokenizer of a model, or one alone, that a command was told of. */

import { basename, join, resolve } from "node:path";
import { parseUVitConfig } from "../amused/config.ts";
import { findWeights } from "../amused/folder.ts";
import { AMUSED_TOKEN } from "../amused/load.ts";
import { baaiFiles } from "../baai/files.ts";
import { findEntry } from "../hub/catalogue.ts";
import { readManifest, weightsPath } from "../hub/embedded.ts";
import { pathOf } from "../hub/find.ts";
import { locateModel, readModelFolder } from "../hub/model_folder.ts";
import { hashFile } from "../hub/part.ts";
import { weightsHash } from "../hub/weights_hash.ts";
import { exists } from "../run/exists.ts";
import type { RunOptions } from "../run/precise_weights.ts";
import { readJson } from "../text/read_json.ts";
import { loadTokenizer } from "../vqgan/load.ts";
import type { Tokenizer } from "../vqgan/model.ts";
import { loadVqModel, parseVqModelConfig } from "../vqgan/published.ts";
import { ensureCheckpoint } from "./ensure_checkpoint.ts";
import { UsageError } from "./errors.ts";
import { LIKE, MAGE_VQGAN, type ModelKind, modelKind } from "./model_kind.ts";

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
  /** Download it without asking. */
  readonly yes: boolean;
  /** How it is run. */
  readonly run: RunOptions;
}

/** Pixels a side that diffusers' tokenizers are used with unless it is said. */
const SIDE = 256;

/** What says it of a pipeline. */
const TRANSFORMER = "transformer/config.json";

/**
 * Opens the tokenizer of one of our models, of a published one, or of a file or
 * checkpoint that is nothing else. What is not here is downloaded, if that is
 * wanted.
 *
 * @throws Error if there is none, or it is damaged
 */
export async function openTokenizer(
  choice: TokenizerChoice,
): Promise<NamedTokenizer> {
  const { model, weights, high, run, yes } = choice;
  const own = await ownPath(choice);
  if (own === undefined && high) {
    throw new UsageError(`${model} has no super-resolution; leave out --high.`);
  }
  if (own !== undefined) {
    const tokenizer = await loadTokenizer(own, run);
    return { name: model, tokenizer, hash: (await hashFile(own)).sha256 };
  }
  const kind = modelKind(model, weights);
  if (kind.kind !== "own" && kind.family === "amused") {
    return kind.kind === "folder"
      ? await openVqModel(kind.folder, basename(resolve(model)), run)
      : await openVqModel(await ensureVqModel(model, yes), model, run);
  }
  const path = await pathAlone(kind, choice);
  const tokenizer = await loadTokenizer(path, run);
  return { name: basename(model), tokenizer, hash: await weightsHash(path) };
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

/** Of a pipeline on the hub, no more than its tokenizer; returns the folder. */
async function ensureVqModel(name: string, yes: boolean): Promise<string> {
  const files = findEntry(name, { like: LIKE }).files.map(({ path }) => path)
    .filter((path) => path.startsWith("vqvae/"));
  const which = { like: LIKE, files: [TRANSFORMER, ...files] };
  return (await ensureCheckpoint(name, { ...which, yes })).folder;
}

/** The path of a tokenizer whose files are not among a pipeline's. */
async function pathAlone(
  kind: ModelKind,
  { model, yes }: TokenizerChoice,
): Promise<string> {
  if (kind.kind === "folder") return baaiFiles(kind.folder).tokenizer;
  if (await exists(model)) return model;
  const name = kind.kind === "checkpoint" ? MAGE_VQGAN : model;
  return pathOf(await ensureCheckpoint(name, { yes }));
}

async function openVqModel(
  folder: string,
  name: string,
  run: RunOptions,
): Promise<NamedTokenizer> {
  const path = join(folder, "vqvae", "config.json");
  const side = await sideOf(join(folder, TRANSFORMER));
  const config = parseVqModelConfig(await readJson(path), path, side);
  const weights = findWeights(folder, "tokenizer");
  const tokenizer = await loadVqModel(config, weights, run);
  return { name, tokenizer, hash: (await hashFile(weights)).sha256 };
}

async function sideOf(path: string): Promise<number> {
  if (!await exists(path)) return SIDE;
  return AMUSED_TOKEN * parseUVitConfig(await readJson(path), path).side;
}
