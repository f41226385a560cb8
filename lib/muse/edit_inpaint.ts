/**
 * Inpainting and outpainting (Muse, section 3.3.1): the tokens of a region are
 * hidden and drawn anew by a prompt, with what is around them given.
 */

import { cutBox } from "../image/cut.ts";
import type { Picture } from "../image/picture.ts";
import {
  boxMask,
  invertMask,
  maskBounds,
  type PixelMask,
} from "../image/pixel_mask.ts";
import { checkPrompts } from "../text/check_prompts.ts";
import { maskId } from "./config.ts";
import type { DecodeState } from "./decode_state.ts";
import type { InpaintOptions, Margins } from "./edit_options.ts";
import {
  type Edited,
  type Editor,
  finishEdit,
  repeatFor,
} from "./edit_picture.ts";
import { knownTokens, type Reader } from "./edit_tokens.ts";
import { boxOf, windowAround } from "./edit_window.ts";
import { superresFor } from "./enlarge.ts";
import { applyMask } from "./mask.ts";
import { settingsOf } from "./options.ts";
import { checkSteps } from "./step_options.ts";

/** `inpaint()` of `edits.ts`, on arrays. */
export async function inpaint(
  muse: Editor,
  picture: Picture,
  region: PixelMask,
  prompts: readonly string[],
  options: Partial<InpaintOptions> = {},
  onStep?: (state: DecodeState) => void,
  onSuperresStep?: (state: DecodeState) => void,
): Promise<Edited> {
  const { composite = true, context, ...others } = options;
  const settings = settingsOf(others, muse.defaults);
  checkPrompts(prompts);
  checkSteps(settings, settings.steps);
  const began = performance.now();
  const bounds = checkRegion(picture, region, context);
  const superres = superresFor(muse, settings);
  const { imageSize } = (superres ?? muse).tokenizer.config;
  const window = windowAround(picture, bounds, context, imageSize);
  const box = boxOf(window);
  const tokensFor = async (reader: Reader, maskId: number) => {
    const known = await knownTokens(reader, picture, region, box);
    return repeatFor(prompts, applyMask(known.tokens, known.mask, maskId));
  };
  const tokens = await tokensFor(muse.tokenizer, maskId(muse.base.config));
  const superresTokens = superres &&
    await tokensFor(superres.tokenizer, maskId(superres.model.config));
  const start = {
    picture,
    window,
    region: composite ? region : undefined,
    known: () => ({ tokens, superresTokens }),
    began,
  };
  const listeners = { onStep, onSuperresStep };
  return await finishEdit(muse, start, prompts, settings, listeners);
}

/** `outpaint()` of `edits.ts`, on arrays. */
export async function outpaint(
  muse: Editor,
  picture: Picture,
  margins: Margins,
  prompts: readonly string[],
  options: Partial<InpaintOptions> = {},
  onStep?: (state: DecodeState) => void,
  onSuperresStep?: (state: DecodeState) => void,
): Promise<Edited> {
  const { enlarged, region } = enlarge(picture, margins);
  return await inpaint(
    muse,
    enlarged,
    region,
    prompts,
    options,
    onStep,
    onSuperresStep,
  );
}

/** The larger picture, and which of its pixels are new. */
export function enlarge(
  picture: Picture,
  margins: Margins,
): { readonly enlarged: Picture; readonly region: PixelMask } {
  const { left, right, top, bottom } = margins;
  const sides = [left, right, top, bottom];
  const whole = sides.every((side) => Number.isSafeInteger(side) && side >= 0);
  if (!whole || sides.every((side) => side === 0)) {
    throw new RangeError(
      `Cannot enlarge a picture by ${left} pixels on its left, ${right} on ` +
        `its right, ${top} at its top and ${bottom} at its bottom: wanted ` +
        `whole numbers from 0 up, and one above 0`,
    );
  }
  const width = left + picture.width + right;
  const height = top + picture.height + bottom;
  const enlarged = cutBox(picture, { x: -left, y: -top, width, height });
  const old = { ...picture, x: left, y: top };
  return { enlarged, region: invertMask(boxMask(width, height, old)) };
}

/** The smallest box around the region. */
function checkRegion(
  picture: Picture,
  region: PixelMask,
  context: number | undefined,
) {
  if (region.width !== picture.width || region.height !== picture.height) {
    throw new RangeError(
      `Cannot inpaint: found a mask of ${region.width}x${region.height} for ` +
        `a picture of ${picture.width}x${picture.height}, wanted one of the ` +
        `same size; resize the mask`,
    );
  }
  if (context !== undefined && !(context >= 1)) {
    throw new RangeError(
      `Cannot inpaint: found the context ${context}, wanted a multiple of ` +
        `the region's longer side, at least 1`,
    );
  }
  const bounds = maskBounds(region);
  if (bounds) return bounds;
  throw new RangeError(
    `Cannot inpaint: found no pixel in the mask that is to be drawn anew, ` +
      `wanted at least one; masks are white there`,
  );
}
