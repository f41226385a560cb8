/** What every edit of a picture is asked for and gives back. */

import { pasteOver } from "../image/cut.ts";
import type { Picture } from "../image/picture.ts";
import type { PixelMask } from "../image/pixel_mask.ts";
import { resize } from "../image/resize.ts";
import type { Muse } from "./pipeline.ts";
import type { Window } from "./edit_window.ts";

/** What edits need of a model. */
export type Editor = Pick<Muse, "encoder" | "base" | "tokenizer">;

/** How long each part of an edit took. */
export interface EditSeconds {
  /** Reading the picture as tokens. */
  readonly tokens: number;
  readonly text: number;
  readonly decode: number;
  /** Drawing the tokens, and bringing them back into the picture. */
  readonly picture: number;
}

/** Edits of a picture, one for each prompt. */
export interface Edited {
  /** Of what the model drew, [B,N]. */
  readonly tokens: Int32Array;
  /** What part of the picture the model saw and drew. */
  readonly window: Window;
  /** All of the picture's size; of the enlarged one's after an outpainting. */
  readonly pictures: readonly Picture[];
  readonly seconds: EditSeconds;
}

/**
 * The picture with what a model drew of a window in its place: all of it, or
 * the pixels of a mask only.
 */
export function putBack(
  picture: Picture,
  drawn: Picture,
  { x, y, side }: Window,
  mask?: PixelMask,
): Picture {
  return pasteOver(picture, resize(drawn, side, side, "bicubic"), x, y, mask);
}

/** As many copies of the tokens of one picture as there are prompts, [B,N]. */
export function forEach(
  prompts: readonly string[],
  tokens: Int32Array,
): Int32Array {
  const all = new Int32Array(prompts.length * tokens.length);
  prompts.forEach((_, i) => all.set(tokens, i * tokens.length));
  return all;
}
