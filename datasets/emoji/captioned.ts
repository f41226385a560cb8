/** Scenes with what is said of them. */

import { createRng } from "../../lib/run/random.ts";
import { captionScene } from "./caption.ts";
import { sampleScene, type Split } from "./sample.ts";
import type { Scene } from "./scene.ts";

/** A scene and its caption. */
export interface CaptionedScene {
  /** What it shows. */
  readonly scene: Scene;
  /** What is said of it. */
  readonly caption: string;
}

/** That at a place of a split: a pure function of its arguments. */
export function captionedScene(
  split: Split,
  index: number,
  seed: number = 0,
): CaptionedScene {
  const scene = sampleScene(split, index, { seed });
  const rng = createRng("emoji caption", split, seed, index);
  return { scene, caption: captionScene(scene, rng) };
}
