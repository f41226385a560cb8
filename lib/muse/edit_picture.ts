/** What all edits of pictures share: tokens drawn to the last, and put back. */

import { pasteOver } from "../image/cut.ts";
import type { Picture } from "../image/picture.ts";
import type { PixelMask } from "../image/pixel_mask.ts";
import { resize } from "../image/resize.ts";
import { completeTokens } from "./complete.ts";
import type { DecodeState } from "./decode_state.ts";
import type { Window } from "./edit_window.ts";
import type { DrawOptions } from "./options.ts";
import { type Muse, tokensToPictures } from "./pipeline.ts";

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

/** A picture that is about to be edited. */
export interface EditStart {
  readonly picture: Picture;
  /** What the model draws of it. */
  readonly window: Window;
  /** The only pixels that may change; all that the model draws by default. */
  readonly region?: PixelMask;
  /** Tokens [B,N] of the window for each prompt, the mask id where unknown. */
  readonly tokens: Int32Array;
  /** When the edit began, in milliseconds. */
  readonly began: number;
}

/** Finds the unknown tokens, and puts what they show back into the picture. */
export async function finishEdit(
  muse: Editor,
  start: EditStart,
  prompts: readonly string[],
  settings: DrawOptions,
  onStep?: (state: DecodeState) => void,
): Promise<Edited> {
  const { window, began } = start;
  const read = performance.now();
  const { tokens, seconds } = await completeTokens(
    muse,
    prompts,
    start.tokens,
    settings,
    onStep,
  );
  const decoded = performance.now();
  return {
    tokens,
    window,
    pictures: await drawInto(muse, start, tokens),
    seconds: {
      tokens: (read - began) / 1000,
      ...seconds,
      picture: (performance.now() - decoded) / 1000,
    },
  };
}

/** The picture with each of the tokens [B,N] drawn in place of the window. */
export async function drawInto(
  { tokenizer }: Pick<Editor, "tokenizer">,
  { picture, window, region }: Pick<
    EditStart,
    "picture" | "window" | "region"
  >,
  tokens: Int32Array,
): Promise<Picture[]> {
  const squares = await tokensToPictures(tokenizer, tokens);
  return squares.map((square) => putBack(picture, square, window, region));
}

/**
 * The picture with what a model drew of a window in its place: all of it, or
 * the pixels of a region only.
 */
function putBack(
  picture: Picture,
  drawn: Picture,
  { x, y, side }: Window,
  region?: PixelMask,
): Picture {
  return pasteOver(picture, resize(drawn, side, side, "bicubic"), x, y, region);
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
