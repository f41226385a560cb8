/** What a judge reads right in scenes that it was not trained on. */

import { createEmojiLoader } from "../../datasets/mod.ts";
import { fromPlanarBatch } from "../../lib/image/picture.ts";
import type { QualityOptions } from "../tokenizer_quality.ts";
import { type JudgedFigures, judgedFigures } from "./figures.ts";
import { judgePictures } from "./judge.ts";
import type { Probe } from "./probe.ts";
import type { Rebuild } from "./stage.ts";
import type { Verdict } from "./verdict.ts";

/** What is read, and who hears how far it is. */
export interface JudgeQualityOptions extends QualityOptions {
  /** Makes of pictures [B,3,H,W] in -1..1 what is read in their place. */
  readonly rebuild?: Rebuild;
}

/** Scenes at once. */
const BATCH = 16;

/**
 * Reads balanced validation scenes, as they are or as a tokenizer rebuilds
 * them.
 */
export async function judgeQuality(
  judge: Probe,
  { scenes, rebuild, onProgress = () => {} }: JudgeQualityOptions,
): Promise<JudgedFigures> {
  const size = judge.config.imageSize;
  const loader = await createEmojiLoader({
    split: "validation",
    size,
    batch: BATCH,
  });
  const verdicts: Verdict[] = [];
  while (verdicts.length < scenes) {
    const { pixels, scenes: truth } = loader.next();
    const seen = rebuild ? await rebuild(pixels) : pixels;
    const pictures = fromPlanarBatch(seen, size, size);
    verdicts.push(...await judgePictures(judge, pictures, truth));
    onProgress(verdicts.length);
  }
  return judgedFigures(verdicts);
}
