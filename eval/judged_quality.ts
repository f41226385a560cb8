/** What the judge of emoji scenes says of the pictures that a model draws. */

import type { Muse } from "../lib/muse/pipeline.ts";
import { draw, type DrawnQuality, drawnQuality } from "./drawn_quality.ts";
import type { Judge } from "./probe/judge.ts";
import { BATCH, type QualityOptions } from "./tokenizer_quality.ts";

/** Figures of a model by a judge. */
export interface JudgedQuality {
  /** SHA-256 of the judge's file. */
  readonly judge: string;
  /** Of pictures drawn from captions; super-resolved ones of validation. */
  readonly drawn: readonly DrawnQuality[];
  /** Of words that no caption has. */
  readonly synonyms: readonly SynonymQuality[];
}

/** How often a word is understood that no caption has. */
export interface SynonymQuality {
  /** The word. */
  readonly word: string;
  /** The kind that it should show. */
  readonly kind: string;
  /** In how many pictures it does. */
  readonly right: number;
  /** How many were drawn. */
  readonly pictures: number;
}

/**
 * Words that the text encoder knows and captions lack, with their kinds. (A
 * puppy and an automobile are in captions.)
 */
export const SYNONYMS: readonly (readonly [word: string, kind: string])[] = [
  ["hound", "dog"],
  ["motorcar", "car"],
];

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
  const synonyms: SynonymQuality[] = [];
  for (const [word, kind] of SYNONYMS) {
    const pictures = await draw(base, Array(BATCH).fill(`a ${word}`), 0);
    const readings = await judge.read(pictures.base);
    const right = readings.filter(({ objects }) =>
      objects.some((object) =>
        object.kind === kind
      )
    ).length;
    synonyms.push({ word, kind, right, pictures: BATCH });
  }
  return { judge: judge.hash, drawn: [validation, heldout], synonyms };
}
