/**
 * From prompts to pictures on TensorFlow.js tensors: the face for notebooks,
 * whose results go on into the other steps. The command line takes the arrays
 * of `pipeline.ts`, so that it starts without TensorFlow.js.
 */

import { toUnit } from "../image/picture.ts";
import { tf } from "../run/tf.ts";
import {
  generate as generateArrays,
  type GenerateOptions,
  type Muse,
} from "./pipeline.ts";
import { type DecodeTensors, stateTensors, type Tensor2D } from "./tensors.ts";

/** Pictures, their tokens, and how long each part took. */
export interface Generated {
  /** int32 [B,N] */
  readonly tokens: Tensor2D;
  /** One a prompt, float32 [B,H,W,3] in 0..1, in 8 bits as in a file. */
  readonly pictures: tf.Tensor4D;
  /** By which they were drawn, one a prompt. */
  readonly seeds: readonly number[];
  /** Those of the best candidates, one a prompt, if there were several. */
  readonly scores?: readonly number[];
  /** How long each part took. */
  readonly seconds: Readonly<Record<"text" | "decode" | "picture", number>>;
}

/**
 * Draws one picture for each prompt. `onStep` hears the state after every
 * decode step; its tensors, like the result's, are the caller's.
 *
 * @throws RangeError for options out of range, naming them
 */
export async function generate(
  muse: Muse,
  prompts: readonly string[],
  options: Partial<GenerateOptions> = {},
  onStep?: (state: DecodeTensors) => void,
): Promise<Generated> {
  const { tokens, pictures, ...rest } = await generateArrays(
    muse,
    prompts,
    options,
    onStep && ((state) => onStep(stateTensors(state))),
  );
  const batch = pictures.length;
  const [{ height, width }] = pictures;
  return {
    tokens: tf.tensor2d(tokens, [batch, tokens.length / batch], "int32"),
    pictures: tf.tensor4d(toUnit(pictures), [batch, height, width, 3]),
    ...rest,
  };
}
