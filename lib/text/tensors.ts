/** Text states as TensorFlow.js tensors: the face for notebooks. */

import { tf } from "../run/tf.ts";
import { encodeText as encodeArrays, type PromptEncoder } from "./encode.ts";

/** What an encoder says of some prompts. */
export interface TextTensors {
  /** One state for each text id, float32 [B,T,E]. */
  readonly states: tf.Tensor3D;
  /** 1 where a state belongs to the text, 0 where it fills up, [B,T]. */
  readonly mask: tf.Tensor2D;
  /** One vector for each whole text, [B,P], if the encoder gives that. */
  readonly pooled?: tf.Tensor2D;
}

/**
 * The states of some prompts.
 * @throws TypeError for what is no list of texts
 */
export async function encodeText(
  encoder: PromptEncoder,
  prompts: readonly string[],
): Promise<TextTensors> {
  const { states, mask, pooled, length, width } = await encodeArrays(
    encoder,
    prompts,
  );
  const count = prompts.length;
  return {
    states: tf.tensor3d(states, [count, length, width]),
    mask: tf.tensor2d(mask, [count, length]),
    ...(pooled && {
      pooled: tf.tensor2d(pooled, [count, pooled.length / count]),
    }),
  };
}
