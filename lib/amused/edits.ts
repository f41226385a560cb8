/**
 * Edits of a picture that the model sees whole, on TensorFlow.js tensors: the
 * face for notebooks, with the result that `generate()` gives.
 */

import type { Picture } from "../image/picture.ts";
import type { PixelMask } from "../image/pixel_mask.ts";
import type { InpaintOptions, VaryOptions } from "../muse/edit_options.ts";
import type { Edited } from "../muse/edits.ts";
import { hearTensors, resultTensors } from "../muse/generate.ts";
import type { Model } from "../muse/pipeline.ts";
import type { DecodeTensors } from "../muse/tensors.ts";
import {
  imageToImage as imageToImageArrays,
  inpaintWhole as inpaintArrays,
} from "./edit_whole.ts";

/** Edits of a picture, one for each prompt; all of the picture's size. */
export type WholeEdited = Omit<Edited, "window">;

/**
 * Draws a region of a picture anew, once for each prompt; by the linear
 * schedule unless the options name another, as the reference does. Unlike
 * there, hidden pixels are never looked at.
 *
 * @param region the pixels to be drawn anew; of the picture's size
 * @param options without a context, since the model sees everything
 * @param onStep is called with the state after every decode step
 * @throws RangeError for a picture of another size than the model was loaded
 * for, a region of another size or without a pixel, and options out of range
 */
export async function inpaintWhole(
  model: Model,
  picture: Picture,
  region: PixelMask,
  prompts: readonly string[],
  options: Partial<Omit<InpaintOptions, "context">> = {},
  onStep?: (state: DecodeTensors) => void,
): Promise<WholeEdited> {
  const hear = hearTensors(onStep);
  return resultTensors(
    await inpaintArrays(model, picture, region, prompts, options, hear),
  );
}

/**
 * Image to image: hides tokens of a picture as if a decode of all of them had
 * come as far as the strength leaves, and runs the rest of it, once for each
 * prompt. A strength of 1 hides them all and leaves nothing of the picture,
 * where the reference hides none.
 *
 * @param onStep is called with the state after every decode step
 * @throws RangeError for a picture of another size than the model was loaded
 * for, and for options out of range
 */
export async function imageToImage(
  model: Model,
  picture: Picture,
  prompts: readonly string[],
  options: Partial<VaryOptions> = {},
  onStep?: (state: DecodeTensors) => void,
): Promise<WholeEdited> {
  const hear = hearTensors(onStep);
  return resultTensors(
    await imageToImageArrays(model, picture, prompts, options, hear),
  );
}
