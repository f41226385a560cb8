/**
 * Edits of a picture that the model sees whole and at its own size, as
 * diffusers' pipelines for aMUSEd do it. The model is loaded for that size.
 */

import { pasteOver } from "../image/cut.ts";
import type { Picture } from "../image/picture.ts";
import { maskBounds, type PixelMask } from "../image/pixel_mask.ts";
import { completeTokens } from "../muse/complete.ts";
import { maskId, tokenCount } from "../muse/config.ts";
import { type DecodeState, rows, seedsOf } from "../muse/decode_state.ts";
import { drawFound } from "../muse/draw_tokens.ts";
import {
  type InpaintOptions,
  STRENGTH,
  type VaryOptions,
} from "../muse/edit_options.ts";
import { type EditSeconds, forEach } from "../muse/edit_picture.ts";
import { knownTokens, tokensOf } from "../muse/edit_tokens.ts";
import { applyMask, randomMask } from "../muse/mask.ts";
import { type DrawOptions, settingsOf } from "../muse/options.ts";
import type { Model } from "../muse/pipeline.ts";
import { createRng } from "../run/random.ts";
import { type Extent, pixelsOf } from "../vqgan/config.ts";
import { AMUSED_INPAINT } from "./options.ts";
import { lastSteps } from "./last_steps.ts";

/** Edits of a picture, one for each prompt. */
export interface WholeEdited {
  /** [B,N] */
  readonly tokens: Int32Array;
  /** All of the picture's size. */
  readonly pictures: readonly Picture[];
  /** How long each part took. */
  readonly seconds: EditSeconds;
}

/**
 * Draws a region of a picture anew, once for each prompt; by the linear
 * schedule unless the options name another, as the reference does. Unlike
 * there, hidden pixels are never looked at.
 *
 * @param region the pixels to be drawn anew; of the picture's size
 * @param options without a context, since the model sees everything
 * @param onStep hears the state after every decode step
 * @throws RangeError for a picture of another size than the model was loaded
 * for, a region of another size or without a pixel, and options out of range
 */
export async function inpaintWhole(
  model: Model,
  picture: Picture,
  region: PixelMask,
  prompts: readonly string[],
  options: Partial<Omit<InpaintOptions, "context" | "bestOf">> = {},
  onStep?: (state: DecodeState) => void,
): Promise<WholeEdited> {
  const { composite = true, ...others } = options;
  const settings = settingsOf(others, { ...model.defaults, ...AMUSED_INPAINT });
  const size = checkSize(model, picture);
  const fits = region.width === picture.width &&
    region.height === picture.height;
  if (!fits || !maskBounds(region)) {
    throw new RangeError(
      `Cannot inpaint: found a mask of ${region.width}x${region.height} ` +
        `${fits ? "without a pixel that is to be drawn anew" : ""}, wanted ` +
        `one of ${picture.width}x${picture.height} with at least one`,
    );
  }
  const began = performance.now();
  const box = { x: 0, y: 0, width: picture.width, height: picture.height };
  const { tokenizer, base } = model;
  const known = await knownTokens(tokenizer, picture, region, box, size);
  const hidden = applyMask(known.tokens, known.mask, maskId(base.config));
  const tokens = forEach(prompts, hidden);
  const edited = await finish(
    ...[model, prompts, tokens, settings, began, onStep] as const,
  );
  if (!composite) return edited;
  return {
    ...edited,
    pictures: edited.pictures.map((drawn) =>
      pasteOver(picture, drawn, 0, 0, region)
    ),
  };
}

/**
 * Image to image: hides tokens of a picture as if a decode of all of them had
 * come as far as the strength leaves, and runs the rest of it, once for each
 * prompt. A strength of 1 hides them all and leaves nothing of the picture,
 * where the reference hides none.
 *
 * @param onStep hears the state after every decode step
 * @throws RangeError for a picture of another size than the model was loaded
 * for, and for options out of range
 */
export async function imageToImage(
  model: Model,
  picture: Picture,
  prompts: readonly string[],
  options: Partial<Omit<VaryOptions, "bestOf">> = {},
  onStep?: (state: DecodeState) => void,
): Promise<WholeEdited> {
  const { strength = STRENGTH, ...others } = options;
  const settings = settingsOf(others, model.defaults);
  const size = checkSize(model, picture);
  const began = performance.now();
  const { config } = model.base;
  const length = tokenCount(config);
  const last = lastSteps(settings, strength, length);
  const tokens = forEach(
    prompts,
    await tokensOf(model.tokenizer, [picture], size),
  );
  const seeds = seedsOf(settings.seed, prompts.length);
  rows(tokens, length).forEach((row, i) => {
    const rng = createRng("vary", seeds[i]);
    const mask = randomMask(length, last.masked, rng);
    row.set(applyMask(row, mask, maskId(config)));
  });
  return await finish(
    ...[model, prompts, tokens, last.settings, began, onStep] as const,
  );
}

/** Finds the unknown tokens and draws them all. */
async function finish(
  model: Model,
  prompts: readonly string[],
  tokens: Int32Array,
  settings: DrawOptions,
  began: number,
  onStep?: (state: DecodeState) => void,
): Promise<WholeEdited> {
  const read = performance.now();
  const found = await completeTokens(model, prompts, tokens, settings, onStep);
  const { pictures, seconds } = await drawFound(model, found, settings);
  return {
    tokens: found.tokens,
    pictures,
    seconds: { tokens: (read - began) / 1000, ...found.seconds, ...seconds },
  };
}

/** The picture's height and width, for which the model has to be loaded. */
function checkSize(
  { name, base, tokenizer }: Model,
  { width, height }: Picture,
): Extent {
  const [wantedHeight, wantedWidth] = pixelsOf(
    tokenizer.config,
    base.config.grid,
  );
  if (width === wantedWidth && height === wantedHeight) return [height, width];
  throw new RangeError(
    `Cannot edit a picture of ${width}x${height} whole: ${name} is loaded for ` +
      `${wantedWidth}x${wantedHeight}; load it for the picture's size`,
  );
}
