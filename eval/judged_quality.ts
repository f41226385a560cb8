/** What the judge of emoji scenes says of the pictures that a model draws. */

import type { Muse } from "../lib/muse/pipeline.ts";
import { type DrawnQuality, drawnQuality } from "./drawn_quality.ts";
import type { Judge } from "./probe/judge.ts";
import { inBatches, type QualityOptions } from "./tokenizer_quality.ts";
import {
  UNSEEN_PICTURES,
  type UnseenQuality,
  unseenQuality,
} from "./unseen_words.ts";

/** Figures of a model by a judge. */
export interface JudgedQuality {
  /** SHA-256 of the judge's file. */
  readonly judge: string;
  /** Of pictures drawn from captions; super-resolved ones of validation. */
  readonly drawn: readonly DrawnQuality[];
  /** Of words that no caption has. */
  readonly unseen: UnseenQuality;
}

/** How many pictures are drawn, where so many scenes are asked for. */
export function judgedPictures(scenes: number): number {
  return 2 * inBatches(scenes) + UNSEEN_PICTURES;
}

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
  const whole = inBatches(scenes);
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
    unseen: await unseenQuality(base, judge, {
      onProgress: (done) => onProgress(2 * whole + done),
    }),
  };
}
