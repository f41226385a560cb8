/** Whether a model draws what words mean that no caption has. */

import { withArticle } from "../datasets/emoji/words.ts";
import type { Model } from "../lib/muse/pipeline.ts";
import { draw } from "./drawn_quality.ts";
import { type Interval, wilsonInterval } from "./metrics/intervals.ts";
import type { Judge } from "./probe/judge.ts";
import { BATCH, type QualityOptions } from "./tokenizer_quality.ts";

/** How often words are understood that no caption has. */
export interface UnseenQuality extends Interval {
  /** Share of the pictures that show what their word means. */
  readonly rate: number;
  /** How many pictures were drawn of each word. */
  readonly each: number;
  /** Of how many of them each word's kind is seen in. */
  readonly words: readonly UnseenWord[];
}

/** How often a word is understood that no caption has. */
export interface UnseenWord {
  /** The word. */
  readonly word: string;
  /** The kind that it should show. */
  readonly kind: string;
  /** In how many pictures it does. */
  readonly right: number;
}

/** Words that the text encoder knows and captions lack, with their kinds. */
export const UNSEEN_WORDS: readonly (readonly [word: string, kind: string])[] =
  [
    ["hound", "dog"],
    ["kitty", "cat"],
    ["steed", "horse"],
    ["hog", "pig"],
    ["hare", "rabbit"],
    ["ape", "monkey"],
    ["cockerel", "rooster"],
    ["serpent", "snake"],
    ["toad", "frog"],
    ["shrub", "tree"],
    ["maize", "ear of corn"],
    ["hurricane", "tornado"],
    ["infant", "baby"],
    ["gentleman", "man"],
    ["lady", "woman"],
    ["phantom", "ghost"],
    ["extraterrestrial", "alien"],
    ["android", "robot"],
    ["sorcerer", "wizard"],
    ["cottage", "house"],
    ["fortress", "castle"],
    ["chapel", "church"],
    ["motorcar", "car"],
    ["minibus", "bus"],
    ["aeroplane", "airplane"],
    ["chopper", "helicopter"],
    ["luggage", "suitcase"],
    ["gown", "dress"],
    ["jewel", "gem"],
    ["cellphone", "phone"],
    ["armchair", "chair"],
    ["parasol", "umbrella"],
  ];

/** Pictures of each word. */
const EACH = 4;

/** How many pictures are drawn. */
export const UNSEEN_PICTURES: number = UNSEEN_WORDS.length * EACH;

/**
 * Draws them and asks the judge.
 *
 * @throws RangeError if the judge is for another size of pictures
 */
export async function unseenQuality(
  model: Model,
  judge: Judge,
  { onProgress = () => {} }: Pick<QualityOptions, "onProgress"> = {},
): Promise<UnseenQuality> {
  const drawn = UNSEEN_WORDS.flatMap((word) => Array(EACH).fill(word));
  const seen: boolean[] = [];
  while (seen.length < drawn.length) {
    const words = drawn.slice(seen.length, seen.length + BATCH);
    const prompts = words.map(([word]) => withArticle(word));
    const pictures = await draw(model, prompts, seen.length);
    const readings = await judge.read(pictures.base);
    seen.push(
      ...readings.map(({ objects }, i) =>
        objects.some(({ kind }) => kind === words[i][1])
      ),
    );
    onProgress(seen.length);
  }
  const count = (of: readonly boolean[]) => of.filter((right) => right).length;
  const right = count(seen);
  return {
    rate: right / seen.length,
    ...wilsonInterval(right, seen.length),
    each: EACH,
    words: UNSEEN_WORDS.map(([word, kind], i) => ({
      word,
      kind,
      right: count(seen.slice(i * EACH, (i + 1) * EACH)),
    })),
  };
}
