/** The score of pictures by CLIP, by which the paper chooses among them. */

import { loadClip } from "../lib/clip/model.ts";
import type { Picture } from "../lib/image/picture.ts";
import type { RunOptions } from "../lib/run/precise_weights.ts";
import {
  captionText,
  CLIP_SCORE_CONVENTIONS,
  clipScore,
} from "./metrics/clip_score.ts";
import type { OpenScore } from "./scores.ts";

/**
 * Opens the cosine of a picture and its prompt, by a CLIP at a path as
 * `loadClip()` takes it.
 */
export async function openClipScore(
  path: string,
  options: RunOptions = {},
): Promise<OpenScore> {
  const clip = await loadClip(path, options);
  const { width } = clip;
  const features = (data: Float32Array) => (
    { count: data.length / width, width, data }
  );
  async function rate(
    pictures: readonly Picture[],
    prompts: readonly string[],
  ) {
    const images = features(await clip.encodeImages(pictures));
    const { cosine } = CLIP_SCORE_CONVENTIONS;
    const read = prompts.map((prompt) => captionText(prompt, cosine.resize));
    const texts = features(await clip.encodeTexts(read));
    return clipScore(images, texts, cosine).pairs;
  }
  return {
    score: ({ pictures, prompts }) => rate(pictures, prompts),
    release: () => clip.release(),
  };
}
