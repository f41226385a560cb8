/**
 * Variations of a picture: some of its tokens are hidden, chosen at random,
 * and drawn anew by a prompt.
 */

import type { Picture } from "../image/picture.ts";
import {
  type Box,
  boxMask,
  cutMask,
  invertMask,
  type PixelMask,
  scaleMask,
} from "../image/pixel_mask.ts";
import { createRng, type Rng } from "../run/random.ts";
import { checkPrompts } from "../text/check_prompts.ts";
import { gridSize } from "../vqgan/config.ts";
import { maskId } from "./config.ts";
import { type DecodeState, rows } from "./decode_state.ts";
import { STRENGTH, type VaryOptions } from "./edit_options.ts";
import {
  type Edited,
  type Editor,
  finishEdit,
  repeatFor,
} from "./edit_picture.ts";
import { type Reader, readSquare, tokensOf } from "./edit_tokens.ts";
import { boxOf, type Window, windowOfAll } from "./edit_window.ts";
import { superresFor } from "./enlarge.ts";
import { applyMask, countMasked, randomMask } from "./mask.ts";
import { settingsOf } from "./options.ts";
import { checkSteps } from "./step_options.ts";

/** `vary()` of `edits.ts`, on arrays. */
export async function vary(
  muse: Editor,
  picture: Picture,
  prompts: readonly string[],
  options: Partial<VaryOptions> = {},
  onStep?: (state: DecodeState) => void,
  onSuperresStep?: (state: DecodeState) => void,
): Promise<Edited> {
  const { strength = STRENGTH, ...others } = options;
  if (!(strength >= 0 && strength <= 1)) {
    throw new RangeError(
      `Cannot vary a picture: found the strength ${strength}, wanted a ` +
        `number from 0, which changes nothing, to 1, which changes all`,
    );
  }
  const settings = settingsOf(others, muse.defaults);
  checkPrompts(prompts);
  checkSteps(settings, settings.steps);
  const began = performance.now();
  const { tokenizer, base } = muse;
  const superres = superresFor(muse, settings);
  const window = windowOfAll(picture);
  const square = boxOf(window);
  const tokens = await readTokens(tokenizer, picture, square);
  const larger = superres &&
    await readTokens(superres.tokenizer, picture, square);
  const grid = gridSize(tokenizer.config);
  const visible = visibleTokens(picture, window, grid);
  const known = (seeds: readonly number[]) => {
    const masks = seeds.map((seed) => ({
      width: grid,
      height: grid,
      data: varyMask(visible, strength, createRng("vary", seed)),
    }));
    return {
      tokens: hideTokens(tokens, grid, masks, maskId(base.config)),
      superresTokens: larger && hideTokens(
        larger,
        gridSize(superres.tokenizer.config),
        masks,
        maskId(superres.model.config),
      ),
    };
  };
  const start = { picture, window, known, began };
  const listeners = { onStep, onSuperresStep };
  return await finishEdit(muse, start, prompts, settings, listeners);
}

async function readTokens(
  reader: Reader,
  picture: Picture,
  box: Box,
): Promise<Int32Array> {
  return await tokensOf(reader, [readSquare(reader, picture, box)]);
}

/**
 * The tokens [N] of one picture for each of the masks [B,N], hidden where those
 * are 1. The masks may be of a smaller grid.
 *
 * @param side of the tokens' grid
 */
function hideTokens(
  tokens: Int32Array,
  side: number,
  masks: readonly PixelMask[],
  maskId: number,
): Int32Array {
  const all = repeatFor(masks, tokens);
  rows(all, tokens.length).forEach((row, i) => {
    row.set(applyMask(row, scaleMask(masks[i], side, side).data, maskId));
  });
  return all;
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
