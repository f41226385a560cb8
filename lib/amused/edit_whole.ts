/**
 * Edits of a picture that the model sees whole and at its own size, as
 * diffusers' pipelines for aMUSEd do it. The model is loaded for that size.
 */

import { pasteOver } from "../image/cut.ts";
import type { Picture } from "../image/picture.ts";
import { maskBounds, type PixelMask } from "../image/pixel_mask.ts";
import { drawBest } from "../muse/best_of.ts";
import { completeTokens } from "../muse/complete.ts";
import { maskId, tokenCount } from "../muse/config.ts";
import { type DecodeState, rows } from "../muse/decode_state.ts";
import { drawFound } from "../muse/draw_tokens.ts";
import {
  type InpaintOptions,
  STRENGTH,
  type VaryOptions,
} from "../muse/edit_options.ts";
import { type Edited, repeatFor } from "../muse/edit_picture.ts";
import { knownTokens, tokensOf } from "../muse/edit_tokens.ts";
import { applyMask, randomMask } from "../muse/mask.ts";
import { type GenerateOptions, settingsOf } from "../muse/options.ts";
import type { Model } from "../muse/pipeline.ts";
import { checkSteps } from "../muse/step_options.ts";
import { createRng } from "../run/random.ts";
import { checkPrompts } from "../text/check_prompts.ts";
import { type Extent, pixelsOf } from "../vqgan/config.ts";
import { AMUSED_INPAINT } from "./options.ts";
import { lastSteps } from "./last_steps.ts";

/** Edits of a picture, one for each prompt; all of the picture's size. */
export type WholeEdited = Omit<Edited, "window">;

/** `inpaintWhole()` of `edits.ts`, on arrays. */
export async function inpaintWhole(
  model: Model,
  picture: Picture,
  region: PixelMask,
  prompts: readonly string[],
  options: Partial<Omit<InpaintOptions, "context">> = {},
  onStep?: (state: DecodeState) => void,
): Promise<WholeEdited> {
  const { composite = true, ...others } = options;
  const settings = settingsOf(others, { ...model.defaults, ...AMUSED_INPAINT });
  checkPrompts(prompts);
  checkSteps(settings, settings.steps);
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
  const start = {
    began,
    known: () => repeatFor(prompts, hidden),
    putBack: (drawn: Picture) =>
      composite ? pasteOver(picture, drawn, 0, 0, region) : drawn,
  };
  return await finish(model, prompts, start, settings, onStep);
}

/** `imageToImage()` of `edits.ts`, on arrays. */
export async function imageToImage(
  model: Model,
  picture: Picture,
  prompts: readonly string[],
  options: Partial<VaryOptions> = {},
  onStep?: (state: DecodeState) => void,
): Promise<WholeEdited> {
  const { strength = STRENGTH, ...others } = options;
  const settings = settingsOf(others, model.defaults);
  checkPrompts(prompts);
  checkSteps(settings, settings.steps);
  const size = checkSize(model, picture);
  const began = performance.now();
  const { config } = model.base;
  const length = tokenCount(config);
  const last = lastSteps(settings, strength, length);
  const own = await tokensOf(model.tokenizer, [picture], size);
  const start = {
    began,
    known(seeds: readonly number[]) {
      const tokens = repeatFor(prompts, own);
      rows(tokens, length).forEach((row, i) => {
        const rng = createRng("vary", seeds[i]);
        const mask = randomMask(length, last.masked, rng);
        row.set(applyMask(row, mask, maskId(config)));
      });
      return tokens;
    },
    putBack: (drawn: Picture) => drawn,
  };
  return await finish(model, prompts, start, last.settings, onStep);
}

/** A picture that is about to be edited. */
interface WholeStart {
  /** When the edit began, in milliseconds. */
  readonly began: number;
  /** Tokens [B,N] for the pictures of the seeds, the mask id where unknown. */
  known(seeds: readonly number[]): Int32Array;
  putBack(drawn: Picture): Picture;
}

/** Finds the unknown tokens and draws them all; the best of several, perhaps. */
async function finish(
  model: Model,
  prompts: readonly string[],
  start: WholeStart,
  { bestOf, ...settings }: GenerateOptions,
  onStep?: (state: DecodeState) => void,
): Promise<WholeEdited> {
  const read = performance.now();
  const draw = async (seed: readonly number[], isLast: boolean) => {
    const tokens = start.known(seed);
    const options = { ...settings, seed };
    const onOwn = isLast ? onStep : undefined;
    const found = await completeTokens(
      model,
      prompts,
      tokens,
      options,
      onOwn,
    );
    const { pictures, seconds } = await drawFound(model, found, options);
    return {
      tokens: found.tokens,
      pictures: pictures.map(start.putBack),
      seeds: seed,
      cut: found.prompted.cut,
      seconds: { ...found.seconds, ...seconds },
    };
  };
  const edited = await drawBest(bestOf, prompts, settings.seed, draw);
  const tokens = (read - start.began) / 1000;
  return { ...edited, seconds: { tokens, ...edited.seconds } };
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
