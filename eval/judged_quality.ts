/** What the judge of emoji scenes says of a model's pictures. */

import { createEmojiLoader, type Split } from "../datasets/mod.ts";
import { fromPlanarBatch, type Picture } from "../lib/image/picture.ts";
import { generate, type Muse } from "../lib/muse/pipeline.ts";
import { type JudgedFigures, judgedFigures } from "./probe/figures.ts";
import { type Judge, judgePictures, probeDistance } from "./probe/judge.ts";
import { judgeQuality } from "./probe/quality.ts";
import type { Verdict } from "./probe/verdict.ts";
import { BATCH, type QualityOptions } from "./tokenizer_quality.ts";

/** Figures of a model by a judge. */
export interface JudgedQuality {
  /** SHA-256 of the judge's file. */
  readonly judge: string;
  /** Of validation scenes as they are: what could be reached. */
  readonly real: JudgedFigures;
  /** The same after the tokenizer rebuilt them. */
  readonly rebuilt: JudgedFigures;
  /** Of pictures drawn from captions. */
  readonly drawn: readonly DrawnQuality[];
  /** Of words that no caption has. */
  readonly synonyms: readonly SynonymQuality[];
}

/** Figures of pictures that were drawn from the captions of a split. */
export interface DrawnQuality extends JudgedFigures {
  /** Of which scenes. */
  readonly split: Split;
  /** FD-probe between the pictures and the scenes. */
  readonly fdProbe: number;
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

/** Words that the text encoder knows and captions lack, with their kinds. */
export const SYNONYMS: readonly (readonly [word: string, kind: string])[] = [
  ["hound", "dog"],
  ["motorcar", "car"],
];

/** The seed of the first picture; those after it follow. */
const SEED = 1;

/** How many times as many scenes as asked for are gone through. */
export const JUDGED_SETS = 3;

/**
 * Judges what a model rebuilds and draws.
 *
 * @throws RangeError if the judge is for another size of pictures
 */
export async function judgedQuality(
  muse: Muse,
  judge: Judge,
  { scenes, onProgress = () => {} }: QualityOptions,
): Promise<JudgedQuality> {
  const { tokenizer } = muse;
  const whole = Math.ceil(scenes / BATCH) * BATCH;
  const rebuilt = await judgeQuality(judge, {
    scenes: whole,
    rebuild: async (pixels) =>
      await tokenizer.decode(await tokenizer.encode(pixels)),
    onProgress,
  });
  const drawn: DrawnQuality[] = [];
  for (const split of ["validation", "heldout"] as const) {
    const before = whole * (drawn.length + 1);
    drawn.push(
      await drawnQuality(muse, judge, split, {
        scenes: whole,
        onProgress: (done) => onProgress(before + done),
      }),
    );
  }
  const synonyms: SynonymQuality[] = [];
  for (const [word, kind] of SYNONYMS) {
    const pictures = await draw(muse, Array(BATCH).fill(`a ${word}`), 0);
    const readings = await judge.read(pictures);
    const right = readings.filter(({ objects }) =>
      objects.some((object) =>
        object.kind === kind
      )
    ).length;
    synonyms.push({ word, kind, right, pictures: BATCH });
  }
  const { hash, quality: real } = judge;
  return { judge: hash, real, rebuilt, drawn, synonyms };
}

async function drawnQuality(
  muse: Muse,
  judge: Judge,
  split: Split,
  { scenes, onProgress = () => {} }: QualityOptions,
): Promise<DrawnQuality> {
  const size = judge.config.imageSize;
  const loader = await createEmojiLoader({ split, size, batch: BATCH });
  const verdicts: Verdict[] = [];
  const all: Picture[] = [];
  const real: Picture[] = [];
  while (verdicts.length < scenes) {
    const { pixels, captions, scenes: truth } = loader.next();
    const pictures = await draw(muse, captions, verdicts.length);
    verdicts.push(...await judgePictures(judge, pictures, truth));
    all.push(...pictures);
    real.push(...fromPlanarBatch(pixels, size, size));
    onProgress(verdicts.length);
  }
  const fdProbe = await probeDistance(
    await judge.features(all),
    await judge.features(real),
  );
  return { split, ...judgedFigures(verdicts), fdProbe };
}

/** Pictures of captions as the base draws them. */
async function draw(
  muse: Muse,
  captions: readonly string[],
  first: number,
): Promise<readonly Picture[]> {
  const options = { seed: SEED + first, superresSteps: 0 };
  return (await generate(muse, captions, options)).pictures;
}
