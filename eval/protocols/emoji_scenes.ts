/** The validation scenes of emoji as pictures. */

import {
  captionedScene,
  loadSprites,
  renderScene,
  type Split,
  type SpriteOptions,
} from "../../datasets/mod.ts";
import { levelFor } from "../../datasets/emoji/sprites.ts";
import type { Picture } from "../../lib/image/picture.ts";

/** Of the scenes; pictures have seeds of their own. */
export const SCENE_SEED = 0;
/** Scenes that no model here is trained on. */
export const SCENE_SPLIT: Split = "validation";

/** The scene of a number, and what is said of it. */
export function validationScene(
  index: number,
): ReturnType<typeof captionedScene> {
  return captionedScene(SCENE_SPLIT, index, SCENE_SEED);
}

/** Renders scenes by their numbers; the art is loaded when it is needed. */
export function sceneReader(
  size: number,
  options: SpriteOptions = {},
): (index: number) => Promise<Picture> {
  let sprites: ReturnType<typeof loadSprites> | undefined;
  return async (index) => {
    sprites ??= loadSprites({ ...options, largest: levelFor(size) });
    return renderScene(validationScene(index).scene, size, await sprites);
  };
}
