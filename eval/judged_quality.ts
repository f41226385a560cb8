/** What the judge of emoji scenes says of the pictures that a model draws. */

import type { Muse } from "../lib/muse/pipeline.ts";
import { type DrawnQuality, drawnQuality } from "./drawn_quality.ts";
import type { Judge } from "./probe/judge.ts";
import { BATCH, type QualityOptions } from "./tokenizer_quality.ts";
import { type UnseenQuality, unseenQuality } from "./unseen_words.ts";

/** Figures of a model by a judge. */
export interface JudgedQuality {
  /** SHA-256 of the judge's file. */
  readonly judge: string;
  /** Of pictures drawn from captions; super-resolved ones of validation. */
  readonly drawn: readonly DrawnQuality[];
  /** Of words that no caption has. */
  readonly unseen: UnseenQuality;
}

/** How many times as many scenes as asked for are gone through. */
export const JUDGED_SETS = 2;

/**
 * Judges what a model draws.
 *
 * @throws RangeError if the judge is for another size of pictures
 */
export async function judgedQuality(
  muse: Muse,
  judge: Judge,
  { scenes, onProgress = () => {} }: QualityOptions,
): Promise<JudgedQuality> {
  const whole = Math.ceil(scenes / BATCH) * BATCH;
  const base: Muse = { ...muse, superres: undefined };
  const validation = await drawnQuality(muse, judge, "validation", {
    scenes: whole,
    onProgress,
  });
  const heldout = await drawnQuality(base, judge, "heldout", {
    scenes: whole,
    onProgress: (done) => onProgress(whole + done),
  });
  return {
    judge: judge.hash,
    drawn: [validation, heldout],
    unseen: await unseenQuality(base, judge),
  };
}
