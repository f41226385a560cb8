/** Text states as TensorFlow.js tensors: the face for notebooks. */

import { tf } from "../run/tf.ts";
import { encodeText as encodeArrays, type PromptEncoder } from "./encode.ts";

/** What an encoder says of some prompts. */
export interface TextTensors {
  /** One state for each text id, float32 [B,T,E]. */
  readonly states: tf.Tensor3D;
  /** 1 where a state belongs to the text, 0 where it fills up, [B,T]. */
  readonly mask: tf.Tensor2D;
}

/** The states of some prompts. */
export async function encodeText(
  encoder: PromptEncoder,
  prompts: readonly string[],
): Promise<TextTensors> {
  const { states, mask, length, width } = await encodeArrays(encoder, prompts);
  return {
    states: tf.tensor3d(states, [prompts.length, length, width]),
    mask: tf.tensor2d(mask, [prompts.length, length]),
  };
}
