/**
 * From prompts to pictures on TensorFlow.js tensors: the face for notebooks,
 * whose results go on into the other steps. The command line takes the arrays
 * of `pipeline.ts`, so that it starts without TensorFlow.js.
 */

import { type Picture, toUnit } from "../image/picture.ts";
import { tf } from "../run/tf.ts";
import {
  generate as generateArrays,
  type Generated as GeneratedArrays,
  type GeneratedSeconds,
  type GenerateOptions,
  type Model,
} from "./pipeline.ts";
import type { DecodeState } from "./decode_state.ts";
import { type DecodeTensors, stateTensors, type Tensor2D } from "./tensors.ts";

/** Pictures, their tokens, and how long each part took. */
export interface Generated {
  /** Of the base, int32 [B,N]. */
  readonly tokens: Tensor2D;
  /** Of the pictures, int32 [B,M], where they were super-resolved. */
  readonly superresTokens?: Tensor2D;
  /** One a prompt, float32 [B,H,W,3] in 0..1, in 8 bits as in a file. */
  readonly pictures: tf.Tensor4D;
  /** By which they were drawn, one a prompt. */
  readonly seeds: readonly number[];
  /**
   * How many text ids of each prompt the model didn't see, because the prompt
   * is longer than it reads; 0 where it was read to its end.
   */
  readonly cut: readonly number[];
  /** Those of the best candidates, one a prompt, if there were several. */
  readonly scores?: readonly number[];
  /** How long each part took. */
  readonly seconds: GeneratedSeconds;
}

/**
 * Draws one picture for each prompt. The tensors of the states and of the
 * result are the caller's. Any model draws: mini, aMUSEd, baaivision's. Of a
 * prompt that is longer than the model reads the rest is left out: see `cut`.
 *
 * ```ts
 * import { generate, loadAmused, show } from "muselab";
 *
 * const amused = await loadAmused("models/amused-256");
 * const { pictures } = await generate(amused, ["a lighthouse"], { steps: 8 });
 * show(pictures);
 * ```
 *
 * @param onStep is called with the state after every decode step of the base
 * @param onSuperresStep the same of super-resolution
 * @throws RangeError for options out of range, naming them
 */
export async function generate(
  muse: Model,
  prompts: readonly string[],
  options: Partial<GenerateOptions> = {},
  onStep?: (state: DecodeTensors) => void,
  onSuperresStep?: (state: DecodeTensors) => void,
): Promise<Generated> {
  return resultTensors(
    await generateArrays(
      muse,
      prompts,
      options,
      hearTensors(onStep),
      hearTensors(onSuperresStep),
    ),
  );
}

/** What is called with arrays, for what is called with tensors. */
export function hearTensors(
  onStep: ((state: DecodeTensors) => void) | undefined,
): ((state: DecodeState) => void) | undefined {
  return onStep && ((state) => onStep(stateTensors(state)));
}

/** A result with tensors in place of arrays. */
export function resultTensors<Result extends GeneratedArrays>(
  { tokens, superresTokens, pictures, ...rest }: Result,
): Omit<Result, TensorFields> & Pick<Generated, TensorFields> {
  const rows = (ids: Int32Array) =>
    tf.tensor2d(ids, [pictures.length, ids.length / pictures.length], "int32");
  return {
    tokens: rows(tokens),
    ...(superresTokens && { superresTokens: rows(superresTokens) }),
    pictures: pictureTensor(pictures),
    ...rest,
  };
}

type TensorFields = "tokens" | "superresTokens" | "pictures";

/** Pictures of one size -> float32 [B,H,W,3] in 0..1. */
export function pictureTensor(pictures: readonly Picture[]): tf.Tensor4D {
  const [{ height, width }] = pictures;
  return tf.tensor4d(toUnit(pictures), [pictures.length, height, width, 3]);
}
