/**
 * Edits of a picture on TensorFlow.js tensors: the face for notebooks, with the
 * result that `generate()` gives. The command line takes the arrays of
 * `edit_inpaint.ts`, `edit_vary.ts` and `edit_free.ts`.
 */

import type { Picture } from "../image/picture.ts";
import type { PixelMask } from "../image/pixel_mask.ts";
import type { tf } from "../run/tf.ts";
import { editMaskFree as editArrays } from "./edit_free.ts";
import {
  inpaint as inpaintArrays,
  outpaint as outpaintArrays,
} from "./edit_inpaint.ts";
import type {
  FreeEditOptions,
  InpaintOptions,
  Margins,
  VaryOptions,
} from "./edit_options.ts";
import type { Editor, EditSeconds } from "./edit_picture.ts";
import { vary as varyArrays } from "./edit_vary.ts";
import type { Window } from "./edit_window.ts";
import {
  type Generated,
  hearTensors,
  pictureTensor,
  resultTensors,
} from "./generate.ts";
import type { ResampleState } from "./resample.ts";
import type { DecodeTensors } from "./tensors.ts";

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

/** Pictures of an iteration before the last. */
export interface KeptPictures {
  /** Its number, from 1. */
  readonly iteration: number;
  /** One for each prompt, float32 [B,H,W,3] in 0..1. */
  readonly pictures: tf.Tensor4D;
}

/** Edits of a picture, and how they came about. */
export interface FreelyEdited extends Edited {
  /** In the order of the iterations; `pictures` are those of the last. */
  readonly kept: readonly KeptPictures[];
}

/**
 * Draws a region of a picture anew, once for each prompt. The model sees a
 * square part of the picture at its own size; what of it lies beyond the
 * picture, where a region is too long for a square in it, is unknown too. With
 * super-resolution, it sees the same square at both sizes, and the larger
 * tokens around the region stay too. The tensors of the states and of the
 * result are the caller's, as in all edits.
 *
 * @param region the pixels to be drawn anew; of the picture's size
 * @param onStep is called with the state after every decode step of the base
 * @param onSuperresStep the same of super-resolution
 * @throws RangeError for a region of another size or without a pixel, and for
 * options out of range
 */
export async function inpaint(
  muse: Editor,
  picture: Picture,
  region: PixelMask,
  prompts: readonly string[],
  options: Partial<InpaintOptions> = {},
  onStep?: (state: DecodeTensors) => void,
  onSuperresStep?: (state: DecodeTensors) => void,
): Promise<Edited> {
  return resultTensors(
    await inpaintArrays(
      muse,
      picture,
      region,
      prompts,
      options,
      hearTensors(onStep),
      hearTensors(onSuperresStep),
    ),
  );
}

/**
 * Enlarges a picture and draws what is new, once for each prompt: the
 * {@linkcode inpaint}ing of what lies beyond the picture.
 *
 * @throws RangeError for margins that are no whole numbers from 0 up or none
 * above 0, and for a picture that would be too large
 */
export async function outpaint(
  muse: Editor,
  picture: Picture,
  margins: Margins,
  prompts: readonly string[],
  options: Partial<InpaintOptions> = {},
  onStep?: (state: DecodeTensors) => void,
  onSuperresStep?: (state: DecodeTensors) => void,
): Promise<Edited> {
  return resultTensors(
    await outpaintArrays(
      muse,
      picture,
      margins,
      prompts,
      options,
      hearTensors(onStep),
      hearTensors(onSuperresStep),
    ),
  );
}

/**
 * Varies a picture, once for each prompt. The model sees all of it, in the
 * middle of a square; what of that lies beyond the picture is drawn too, unless
 * the strength is 0, and then left out. Super-resolution draws anew what lies
 * under the tokens that the base drew anew.
 *
 * @param onStep is called with the state after every decode step of the base
 * @param onSuperresStep the same of super-resolution
 * @throws RangeError for options out of range, naming them
 */
export async function vary(
  muse: Editor,
  picture: Picture,
  prompts: readonly string[],
  options: Partial<VaryOptions> = {},
  onStep?: (state: DecodeTensors) => void,
  onSuperresStep?: (state: DecodeTensors) => void,
): Promise<Edited> {
  return resultTensors(
    await varyArrays(
      muse,
      picture,
      prompts,
      options,
      hearTensors(onStep),
      hearTensors(onSuperresStep),
    ),
  );
}

/**
 * Edits a picture by a prompt alone, once for each prompt. The model sees all
 * of it, in the middle of a square; what of that lies beyond the picture begins
 * as its outermost pixels and is left out in the end. All iterations are those
 * of the base; its last tokens are super-resolved.
 *
 * @param onIteration is called with the state after every iteration
 * @param onSuperresStep is called with the state after every step of
 * super-resolution of the last pictures
 * @throws RangeError for options out of range, naming them
 */
export async function editMaskFree(
  muse: Editor,
  picture: Picture,
  prompts: readonly string[],
  options: Partial<FreeEditOptions> = {},
  onIteration?: (state: ResampleState) => void,
  onSuperresStep?: (state: DecodeTensors) => void,
): Promise<FreelyEdited> {
  const { kept, ...edited } = await editArrays(
    muse,
    picture,
    prompts,
    options,
    onIteration,
    hearTensors(onSuperresStep),
  );
  return {
    ...resultTensors(edited),
    kept: kept.map(({ iteration, pictures }) => ({
      iteration,
      pictures: pictureTensor(pictures),
    })),
  };
}
