/**
 * Variations of a picture: some of its tokens are hidden, chosen at random,
 * and drawn anew by a prompt.
 */

import type { Picture } from "../image/picture.ts";
import {
  boxMask,
  cutMask,
  invertMask,
  scaleMask,
} from "../image/pixel_mask.ts";
import { createRng, type Rng } from "../run/random.ts";
import { gridSize } from "../vqgan/config.ts";
import { maskId } from "./config.ts";
import { type DecodeState, rows, seedsOf } from "./decode_state.ts";
import { STRENGTH, type VaryOptions } from "./edit_options.ts";
import {
  type Edited,
  type Editor,
  finishEdit,
  forEach,
} from "./edit_picture.ts";
import { readSquare, tokensOf } from "./edit_tokens.ts";
import { boxOf, type Window, windowOfAll } from "./edit_window.ts";
import { applyMask, countMasked, randomMask } from "./mask.ts";
import { settingsOf } from "./options.ts";

/**
 * Varies a picture, once for each prompt. The model sees all of it, in the
 * middle of a square; what of that lies beyond the picture is drawn too, unless
 * the strength is 0, and then left out.
 *
 * @param onStep hears the state after every decode step
 * @throws RangeError for options out of range, naming them
 */
export async function vary(
  muse: Editor,
  picture: Picture,
  prompts: readonly string[],
  options: Partial<VaryOptions> = {},
  onStep?: (state: DecodeState) => void,
): Promise<Edited> {
  const { strength = STRENGTH, ...others } = options;
  if (!(strength >= 0 && strength <= 1)) {
    throw new RangeError(
      `Cannot vary a picture: found the strength ${strength}, wanted a ` +
        `number from 0, which changes nothing, to 1, which changes all`,
    );
  }
  const settings = settingsOf(others);
  const began = performance.now();
  const { tokenizer, base } = muse;
  const window = windowOfAll(picture);
  const square = readSquare(tokenizer, picture, boxOf(window));
  const given = await tokensOf(tokenizer, [square]);
  const visible = visibleTokens(picture, window, gridSize(tokenizer.config));
  const tokens = forEach(prompts, given);
  const seeds = seedsOf(settings.seed, prompts.length);
  rows(tokens, given.length).forEach((row, i) => {
    const mask = varyMask(visible, strength, createRng("vary", seeds[i]));
    row.set(applyMask(row, mask, maskId(base.config)));
  });
  const start = { picture, window, tokens, began };
  return await finishEdit(muse, start, prompts, settings, onStep);
}

/** 1 for every token that shows some of the picture, [N]. */
function visibleTokens(
  { width, height }: Picture,
  window: Window,
  grid: number,
): Uint8Array {
  const none = boxMask(width, height, { x: 0, y: 0, width: 0, height: 0 });
  const inside = invertMask(cutMask(none, boxOf(window)));
  return scaleMask(inside, grid, grid).data;
}

/**
 * Which tokens are hidden: a share of the visible ones, chosen at random, and
 * all others if there is such a share.
 */
export function varyMask(
  visible: Uint8Array,
  strength: number,
  rng: Rng,
): Uint8Array {
  const count = visible.reduce((sum, bit) => sum + bit, 0);
  const hidden = randomMask(count, countMasked(strength, count), rng);
  let next = 0;
  return visible.map((bit) => bit ? hidden[next++] : strength > 0 ? 1 : 0);
}
