/** How good a model of the repository is, on scenes it was not trained on. */

import { dirname } from "node:path";
import { weightsPath } from "../lib/hub/embedded.ts";
import {
  type BeforeFinetuning,
  beforeFinetuning,
} from "../lib/hub/finetuned.ts";
import { locateModel } from "../lib/hub/model_folder.ts";
import { loadMuse, type Muse } from "../lib/muse/pipeline.ts";
import { runOf, type RunOptions } from "../lib/run/precise_weights.ts";
import type { Precision } from "../lib/run/precision.ts";
import {
  type TrainingTime,
  trainingTimes,
} from "../lib/train/training_time.ts";
import { loadTokenizer } from "../lib/vqgan/load.ts";
import type { Tokenizer } from "../lib/vqgan/model.ts";
import { type BaseQuality, baseQuality } from "./base_quality.ts";
import {
  judgedPictures,
  type JudgedQuality,
  judgedQuality,
} from "./judged_quality.ts";
import type { Judge } from "./probe/judge.ts";
import { type RebuiltQuality, rebuiltQuality } from "./rebuilt_quality.ts";
import { type SuperresQuality, superresQuality } from "./superres_quality.ts";
import { inBatches, type QualityOptions } from "./tokenizer_quality.ts";

/** Figures of a tokenizer of a model. */
export interface ModelTokenizerQuality extends RebuiltQuality {
  /**
   * SHA-256 of the tokenizer that its decoder was finetuned from, if it was:
   * `beforeFinetuning` is there where that file is.
   */
  readonly tokensOf?: string;
}

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
  /** Runs that made its weights, by the logs beside them. */
  readonly training: readonly TrainingTime[];
  /** On validation scenes. */
  readonly tokenizer: ModelTokenizerQuality;
  /** On validation scenes, and on combinations that training left out. */
  readonly base: readonly BaseQuality[];
  /** By the judge, if there is one for pictures of this size. */
  readonly judged?: JudgedQuality;
  /** Of super-resolution, if the model has it; on validation scenes. */
  readonly superres?: {
    /** Pixels a side. */
    readonly size: number;
    readonly tokenizer: ModelTokenizerQuality;
    readonly transformer: SuperresQuality;
  };
}

/** What is measured, and who hears how far it is. */
export interface ModelQualityOptions extends RunOptions {
  /** "mini" by default. */
  readonly model?: string;
  /** Folder with a `manifest.json`; that of the repository by default. */
  readonly weights?: string;
  /**
   * Folder with the tokenizers that decoders were finetuned from, where they
   * are not beside those.
   */
  readonly originals?: string;
  /** Scenes of each measurement, rounded up to whole batches. */
  readonly scenes: number;
  /** Judges pictures too, if they are of its size. */
  readonly judge?: Judge;
  /** Told after every batch how many pictures of how many are done. */
  readonly onProgress?: (pictures: number, total: number) => void;
}

/**
 * Measures the tokenizers and the transformers of a model.
 *
 * @throws Error if there is no such model or a file is damaged
 */
export async function measureModel(
  options: ModelQualityOptions,
): Promise<ModelQuality> {
  const { model = "mini", weights, originals } = options;
  const run = runOf(options);
  const { manifest, parts } = await locateModel(model, weights);
  const path = (part: string) => weightsPath(manifest, part);
  // What isn't there is said before hours of measuring.
  const [low, high, training] = await Promise.all([
    beforeFinetuning(path(parts.tokenizer), originals),
    parts.superres &&
    beforeFinetuning(path(parts.superres.tokenizer), originals),
    trainingTimes(dirname(path(parts.base))),
  ]);
  const muse = await loadMuse(model, { ...run, weights });
  try {
    return {
      model,
      hash: muse.hash,
      precision: run.precision ?? "fp32",
      size: muse.tokenizer.config.imageSize,
      training,
      ...await measureParts(muse, { low, high }, options),
    };
  } finally {
    await muse.release();
  }
}

/** What the tokenizers of both sizes were, where decoders were finetuned. */
interface Originals {
  readonly low: BeforeFinetuning | undefined;
  readonly high: BeforeFinetuning | undefined;
}

async function measureParts(
  muse: Muse,
  originals: Originals,
  options: ModelQualityOptions,
): Promise<
  Pick<ModelQuality, "tokenizer" | "base" | "judged" | "superres">
> {
  const { tokenizer, encoder, base: { config, weights }, superres } = muse;
  const size = tokenizer.config.imageSize;
  const judge = options.judge?.config.imageSize === size
    ? options.judge
    : undefined;
  const largeJudge = superres && fills(judge, superres.tokenizer)
    ? judge
    : undefined;
  const whole = inBatches(options.scenes);
  const own = judge ? judgedPictures(whole) : 0;
  const next = inTurn((superres ? 5 : 3) * whole + own, options);
  const rebuilding = await measureTokenizer(tokenizer, originals.low, {
    ...runOf(options),
    ...next(),
    judge,
  });
  const base: BaseQuality[] = [];
  for (const split of ["validation", "heldout"] as const) {
    const parts = { tokenizer, encoder, config, weights };
    base.push(await baseQuality(parts, split, next()));
  }
  const drawing = largeJudge ? muse : { ...muse, superres: undefined };
  const small = {
    tokenizer: rebuilding,
    base,
    ...(judge && {
      judged: await judgedQuality(drawing, judge, next(own)),
    }),
  };
  if (!superres) return small;
  return {
    ...small,
    superres: {
      size: superres.tokenizer.config.imageSize,
      tokenizer: await measureTokenizer(superres.tokenizer, originals.high, {
        ...runOf(options),
        ...next(),
        judge: largeJudge,
      }),
      transformer: await superresQuality(
        { tokenizer, encoder, superres },
        next(),
      ),
    },
  };
}

/** Whether squares of a judge's size fill the pictures of a tokenizer. */
function fills(judge: Judge | undefined, { config }: Tokenizer): boolean {
  return judge !== undefined &&
    config.imageSize % judge.config.imageSize === 0;
}

/**
 * Makes the options of measurements that are made one after the other: each
 * tells how many of all pictures are done.
 *
 * @param total pictures of all measurements
 */
function inTurn(
  total: number,
  { scenes, onProgress = () => {} }: ModelQualityOptions,
): (pictures?: number) => QualityOptions {
  const whole = inBatches(scenes);
  let before = 0;
  return (pictures = whole) => {
    const start = before;
    before += pictures;
    return {
      scenes: whole,
      onProgress: (done) => onProgress(start + done, total),
    };
  };
}

async function measureTokenizer(
  tokenizer: Tokenizer,
  original: BeforeFinetuning | undefined,
  options: QualityOptions & RunOptions & { readonly judge?: Judge },
): Promise<ModelTokenizerQuality> {
  const { scenes, onProgress, judge } = options;
  const before = original?.path === undefined
    ? undefined
    : await loadTokenizer(original.path, runOf(options));
  try {
    return {
      ...await rebuiltQuality(tokenizer, { scenes, onProgress, judge, before }),
      ...(original && { tokensOf: original.tokensOf }),
    };
  } finally {
    await before?.release();
  }
}
