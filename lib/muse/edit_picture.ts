/** What all edits of pictures share: tokens drawn to the last, and put back. */

import { pasteOver } from "../image/cut.ts";
import type { Picture } from "../image/picture.ts";
import type { PixelMask } from "../image/pixel_mask.ts";
import { resize } from "../image/resize.ts";
import { drawBest } from "./best_of.ts";
import { completeTokens } from "./complete.ts";
import { drawFound } from "./draw_tokens.ts";
import type { Window } from "./edit_window.ts";
import type { DrawOptions, GenerateOptions } from "./options.ts";
import type {
  DrawListeners,
  Generated,
  GeneratedSeconds,
  Model,
} from "./pipeline.ts";

/** What edits need of a model. */
export type Editor = Omit<Model, "hash" | "release">;

/** How long each part of an edit took. */
export interface EditSeconds extends GeneratedSeconds {
  /** Reading the picture as tokens. */
  readonly tokens: number;
  /** Drawing the tokens, and bringing them back into the picture. */
  readonly picture: number;
}

/**
 * Edits of a picture, one for each prompt: all of the picture's size, or of the
 * enlarged one's after an outpainting. The tokens are of what the model drew.
 */
export interface Edited extends Generated {
  /** What part of the picture the model saw and drew. */
  readonly window: Window;
  /** How long each part took. */
  readonly seconds: EditSeconds;
}

/** Where a model's drawings go. */
export interface Place {
  readonly picture: Picture;
  /** What the model draws of it. */
  readonly window: Window;
  /** The only pixels that may change; all that the model draws by default. */
  readonly region?: PixelMask;
}

/** What is known of a window. */
export interface StartTokens {
  /** [B,N], the mask id where unknown. */
  readonly tokens: Int32Array;
  /** The same [B,M] for super-resolution, where there is that. */
  readonly superresTokens: Int32Array | undefined;
}

/** A picture that is about to be edited. */
export interface EditStart extends Place {
  /** What is given to the pictures of the seeds. */
  known(seeds: readonly number[]): StartTokens;
  /** When the edit began, in milliseconds. */
  readonly began: number;
}

/** Edits the picture once for each prompt, or draws the best of several. */
export async function finishEdit(
  muse: Editor,
  start: EditStart,
  prompts: readonly string[],
  { bestOf, ...settings }: GenerateOptions,
  listeners: DrawListeners,
): Promise<Edited> {
  const read = performance.now();
  const small = { ...settings, superresSteps: 0 };
  const draw = (seed: readonly number[], isLast: boolean) =>
    isLast
      ? drawEdit(muse, start, prompts, { ...settings, seed }, listeners)
      : drawEdit(muse, start, prompts, { ...small, seed }, {});
  const edited = await drawBest(bestOf, prompts, settings.seed, draw);
  const tokens = (read - start.began) / 1000;
  return { ...edited, seconds: { tokens, ...edited.seconds } };
}

/**
 * Finds the unknown tokens, and puts what they show back into the picture
 * (Muse, section 3.3.1: first those of the base, then, by them, those of
 * super-resolution).
 */
async function drawEdit(
  muse: Editor,
  start: EditStart,
  prompts: readonly string[],
  settings: DrawOptions & { readonly seed: readonly number[] },
  { onStep, onSuperresStep }: DrawListeners,
): Promise<
  Omit<Edited, "seconds"> & {
    readonly seconds: Omit<EditSeconds, "tokens">;
  }
> {
  const { tokens, superresTokens } = start.known(settings.seed);
  const found = await completeTokens(muse, prompts, tokens, settings, onStep);
  const drawn = await drawFound(
    muse,
    { ...found, superresTokens },
    settings,
    onSuperresStep,
  );
  const before = performance.now();
  const pictures = putAllBack(start, drawn.pictures);
  const { picture, ...superres } = drawn.seconds;
  return {
    ...drawn,
    tokens: found.tokens,
    window: start.window,
    pictures,
    seeds: settings.seed,
    cut: found.prompted.cut,
    seconds: {
      ...found.seconds,
      ...superres,
      picture: picture + (performance.now() - before) / 1000,
    },
  };
}

/** The picture with each of the drawn squares in place of the window. */
export function putAllBack(
  { picture, window, region }: Place,
  squares: readonly Picture[],
): Picture[] {
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
export function repeatFor(
  prompts: readonly unknown[],
  tokens: Int32Array,
): Int32Array {
  const all = new Int32Array(prompts.length * tokens.length);
  for (const i of prompts.keys()) all.set(tokens, i * tokens.length);
  return all;
}
