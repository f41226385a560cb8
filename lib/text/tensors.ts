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

/** The same, and whether they were read to their ends. */
export interface EncodedText extends TextTensors {
  /**
   * How many text ids of each prompt the encoder didn't see, because the prompt
   * is longer than T; 0 where it was read to its end.
   */
  readonly cut: readonly number[];
}

/**
 * The states of some prompts. Of a longer prompt than the encoder reads (32 text
 * ids for mini) the rest is left out, and `cut` says how much:
 *
 * ```ts
 * import { encodeText, loadMuse } from "muselab";
 *
 * const { encoder } = await loadMuse();
 * const prompts = ["a red apple", "a red apple beside ".repeat(20)];
 * const { cut } = await encodeText(encoder, prompts); // [0, 50]
 * ```
 *
 * @throws TypeError for what is no list of texts
 */
export async function encodeText(
  encoder: PromptEncoder,
  prompts: readonly string[],
): Promise<EncodedText> {
  const { states, mask, pooled, cut, length, width } = await encodeArrays(
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
    cut,
  };
}
