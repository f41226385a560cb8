/** How good a model of the repository is, on scenes it was not trained on. */

import { loadMuse } from "../lib/muse/pipeline.ts";
import { runOf, type RunOptions } from "../lib/run/precise_weights.ts";
import type { Precision } from "../lib/run/precision.ts";
import { type BaseQuality, baseQuality } from "./base_quality.ts";
import {
  JUDGED_SETS,
  type JudgedQuality,
  judgedQuality,
} from "./judged_quality.ts";
import type { Judge } from "./probe/judge.ts";
import { type SuperresQuality, superresQuality } from "./superres_quality.ts";
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
  /** In which the networks were computed; the judge's is always float32. */
  readonly precision: Precision;
  /** Pixels a side. */
  readonly size: number;
  /** On validation scenes. */
  readonly tokenizer: TokenizerQuality;
  /** On validation scenes, and on combinations that training left out. */
  readonly base: readonly BaseQuality[];
  /** By the judge, if there is one for pictures of this size. */
  readonly judged?: JudgedQuality;
  /** Of super-resolution, if the model has it; on validation scenes. */
  readonly superres?: {
    /** Pixels a side. */
    readonly size: number;
    readonly tokenizer: TokenizerQuality;
    readonly transformer: SuperresQuality;
  };
}

/** What is measured, and who hears how far it is. */
export interface ModelQualityOptions extends RunOptions {
  /** "mini" by default. */
  readonly model?: string;
  /** Folder with a `manifest.json`; that of the repository by default. */
  readonly weights?: string;
  /** Scenes of each measurement, rounded up to whole batches. */
  readonly scenes: number;
  /** Judges pictures too, if they are of its size. */
  readonly judge?: Judge;
  /** Told after every batch how many scenes of how many are done. */
  readonly onProgress?: (scenes: number, total: number) => void;
}

/**
 * Measures the tokenizers and the transformers of a model.
 *
 * @throws Error if there is no such model or a file is damaged
 */
export async function measureModel(
  options: ModelQualityOptions,
): Promise<ModelQuality> {
  const { model = "mini", weights, scenes, judge } = options;
  const { onProgress = () => {} } = options;
  const run = runOf(options);
  const muse = await loadMuse(model, { ...run, weights });
  const { hash, tokenizer, encoder, base, superres } = muse;
  const parts = {
    tokenizer,
    encoder,
    config: base.config,
    weights: base.weights,
  };
  const whole = Math.ceil(scenes / BATCH) * BATCH;
  const size = tokenizer.config.imageSize;
  const isJudged = judge?.config.imageSize === size;
  const sets = 3 + (isJudged ? JUDGED_SETS : 0) + (superres ? 2 : 0);
  const total = sets * whole;
  let before = 0;
  /** What the next measurement is told. */
  const next = (sets = 1) => {
    const start = before;
    before += sets * whole;
    return {
      scenes: whole,
      onProgress: (done: number) => onProgress(start + done, total),
    };
  };
  try {
    const rebuilding = await tokenizerQuality(tokenizer, next());
    const guessing: BaseQuality[] = [];
    for (const split of ["validation", "heldout"] as const) {
      guessing.push(await baseQuality(parts, split, next()));
    }
    const small = {
      model,
      hash,
      precision: run.precision ?? "fp32",
      size,
      tokenizer: rebuilding,
      base: guessing,
      ...(isJudged && {
        judged: await judgedQuality(muse, judge, next(JUDGED_SETS)),
      }),
    };
    if (!superres) return small;
    return {
      ...small,
      superres: {
        size: superres.tokenizer.config.imageSize,
        tokenizer: await tokenizerQuality(superres.tokenizer, next()),
        transformer: await superresQuality(
          { tokenizer, encoder, superres },
          next(),
        ),
      },
    };
  } finally {
    await muse.release();
  }
}
