/** How good a model of the repository is, on scenes it was not trained on. */

import {
  type EmbeddedModel,
  findModel,
  type Manifest,
  modelHash,
  readManifest,
  weightsPath,
} from "../lib/hub/embedded.ts";
import type { BaseConfig } from "../lib/muse/config.ts";
import { checkWeights } from "../lib/run/check_weights.ts";
import { loadWeights } from "../lib/run/load_weights.ts";
import { readNetwork } from "../lib/run/network_metadata.ts";
import { readSafetensorsHeader } from "../lib/run/safetensors.ts";
import { loadTextEncoder } from "../lib/text/encode.ts";
import { baseGraph } from "../lib/train/base.ts";
import { loadTokenizer } from "../lib/vqgan/load.ts";
import {
  type BaseParts,
  type BaseQuality,
  baseQuality,
} from "./base_quality.ts";
import {
  BATCH,
  type TokenizerQuality,
  tokenizerQuality,
} from "./tokenizer_quality.ts";

/** Figures of a model, and what they depend on. */
export interface ModelQuality {
  /** The model's name. */
  readonly model: string;
  /** SHA-256 over the hashes of its files. */
  readonly hash: string;
  /** Pixels a side. */
  readonly size: number;
  /** On validation scenes. */
  readonly tokenizer: TokenizerQuality;
  /** On validation scenes, and on combinations that training left out. */
  readonly base: readonly BaseQuality[];
}

/** What is measured, and who hears how far it is. */
export interface ModelQualityOptions {
  /** "mini" by default. */
  readonly model?: string;
  /** Folder with a `manifest.json`; that of the repository by default. */
  readonly weights?: string;
  /** Scenes of each of the three measurements. */
  readonly scenes: number;
  /** Told after every batch how many scenes of how many are done. */
  readonly onProgress?: (scenes: number, total: number) => void;
}

/**
 * Measures the tokenizer and the base transformer of a model.
 *
 * @throws Error if there is no such model or a file is damaged
 */
export async function measureModel(
  { model = "mini", weights, scenes, onProgress = () => {} }:
    ModelQualityOptions,
): Promise<ModelQuality> {
  const manifest = await readManifest(weights);
  const found = findModel(manifest, model);
  const hash = await modelHash(manifest, found);
  const parts = await loadParts(manifest, found);
  const whole = Math.ceil(scenes / BATCH) * BATCH;
  let before = 0;
  const part = {
    scenes,
    onProgress: (done: number) => onProgress(before + done, 3 * whole),
  };
  try {
    const tokenizer = await tokenizerQuality(parts.tokenizer, part);
    const base: BaseQuality[] = [];
    for (const split of ["validation", "heldout"] as const) {
      before += whole;
      base.push(await baseQuality(parts, split, part));
    }
    const size = parts.tokenizer.config.imageSize;
    return { model, hash, size, tokenizer, base };
  } finally {
    await parts.tokenizer.release();
    await parts.encoder.release();
  }
}

/** The parts, the base transformer as its weights. */
async function loadParts(
  manifest: Manifest,
  paths: EmbeddedModel,
): Promise<BaseParts> {
  const path = weightsPath(manifest, paths.base);
  const header = await readSafetensorsHeader(path);
  const config = readNetwork<BaseConfig>(header, "base");
  const weights = await loadWeights(path);
  checkWeights(path, weights, [baseGraph(config, 1, 0).loss]);
  const tokenizer = await loadTokenizer(weightsPath(manifest, paths.tokenizer));
  const encoder = await loadTextEncoder(weightsPath(manifest, paths.text), {
    length: config.textLength,
  });
  return { tokenizer, encoder, config, weights };
}
