/** Batches of pictures and captions, in an order that can be resumed. */

import { writePlanar } from "../../lib/image/picture.ts";
import { captionedScene } from "./captioned.ts";
import { checkSize, renderScene } from "./render.ts";
import type { Split } from "./sample.ts";
import type { Scene } from "./scene.ts";
import { levelFor, loadSprites, type SpriteOptions } from "./sprites.ts";

/** What to load. */
export interface EmojiLoaderOptions {
  /** Training scenes, balanced validation scenes, or held-out ones. */
  readonly split: Split;
  /** Side of the pictures in pixels, 8 to 256. */
  readonly size: number;
  /** Pictures in a batch. */
  readonly batch: number;
  /** Another seed is another data set; 0 by default. */
  readonly seed?: number;
  /** The batch to begin with, from a saved `position`; 0 by default. */
  readonly start?: number;
  /** Where the art's cache file lies, and who hears how its making goes. */
  readonly sprites?: Pick<SpriteOptions, "cache" | "onProgress">;
}

/** Pictures with their captions and scenes. */
export interface EmojiBatch {
  /** [B, 3, H, W] in -1..1. */
  readonly pixels: Float32Array;
  /** What is said of each picture. */
  readonly captions: readonly string[];
  /** What each picture shows. */
  readonly scenes: readonly Scene[];
}

/** An endless source of batches. */
export interface EmojiLoader {
  /** The next batch; `position` moves on by one. */
  next(): EmojiBatch;
  /** The batch at that place: a pure function of the split, seed and place. */
  at(position: number): EmojiBatch;
  /** The place of the next batch: save it, and pass it as `start`. */
  readonly position: number;
}

/** A loader over a split, with the art in memory. */
export async function createEmojiLoader(
  options: EmojiLoaderOptions,
): Promise<EmojiLoader> {
  const { split, size, batch, seed = 0, start = 0 } = options;
  checkSize(size);
  if (!Number.isInteger(batch) || batch < 1) {
    throw new RangeError(`A batch holds at least one picture, not ${batch}.`);
  }
  if (!Number.isInteger(start) || start < 0) {
    throw new RangeError(`A loader starts at batch 0 or later, not ${start}.`);
  }
  const largest = levelFor(size);
  const sprites = await loadSprites({ ...options.sprites, largest });
  const plane = 3 * size * size;
  let position = start;

  function at(place: number): EmojiBatch {
    const pixels = new Float32Array(batch * plane); // [B, 3, H, W]
    const captions: string[] = [];
    const scenes: Scene[] = [];
    for (let i = 0; i < batch; i++) {
      const index = place * batch + i;
      const { scene, caption } = captionedScene(split, index, seed);
      captions.push(caption);
      scenes.push(scene);
      const picture = renderScene(scene, size, sprites);
      writePlanar(picture, pixels.subarray(i * plane, (i + 1) * plane));
    }
    return { pixels, captions, scenes };
  }

  return {
    next: () => at(position++),
    at,
    get position() {
      return position;
    },
  };
}
