/** How good a model of the repository is, on scenes it was not trained on. */

import { loadMuse } from "../lib/muse/pipeline.ts";
import { type BaseQuality, baseQuality } from "./base_quality.ts";
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
  const muse = await loadMuse(model, { weights });
  const { hash, tokenizer, encoder, base } = muse;
  const parts = {
    tokenizer,
    encoder,
    config: base.config,
    weights: base.weights,
  };
  const whole = Math.ceil(scenes / BATCH) * BATCH;
  let before = 0;
  const part = {
    scenes,
    onProgress: (done: number) => onProgress(before + done, 3 * whole),
  };
  try {
    const rebuilding = await tokenizerQuality(tokenizer, part);
    const guessing: BaseQuality[] = [];
    for (const split of ["validation", "heldout"] as const) {
      before += whole;
      guessing.push(await baseQuality(parts, split, part));
    }
    const size = tokenizer.config.imageSize;
    return { model, hash, size, tokenizer: rebuilding, base: guessing };
  } finally {
    await muse.release();
  }
}
