/** Looking into a tokenizer: what lies between pictures and tokens. */

import { input, reshape } from "../graph/ops.ts";
import { compute } from "../run/compute.ts";
import type { tf } from "../run/tf.ts";
import { gridOf } from "./config.ts";
import type { Tokenizer } from "./model.ts";
import { codebook as codebookOf, encoder, latentRows } from "./network.ts";
import { planarPixels } from "./tensors.ts";

/** What can be looked into. */
export type OpenTokenizer = Pick<Tokenizer, "config" | "weights">;

/**
 * What the encoder says of each token's place, before the nearest code is put
 * there; of length 1 where the tokenizer compares directions only.
 *
 * ```ts
 * import { codebook, latents, loadMuse, tf } from "muselab";
 *
 * const { tokenizer } = await loadMuse();
 * const found = await latents(tokenizer, tf.zeros([1, 128, 128, 3])); // [B,h,w,c]
 * const codes = await codebook(tokenizer); // [K,c]
 * const nearest = tf.matMul(found.reshape([256, -1]), codes, false, true)
 *   .argMax(1); // [B*N], as tokenize() gives
 * ```
 *
 * @param images float32 [B,H,W,3] in 0..1, H and W multiples of a token's
 * pixels
 * @returns float32 [B,h,w,c], a code's c numbers for each token
 * @throws as `tokenize()`
 */
export async function latents(
  tokenizer: OpenTokenizer,
  images: tf.Tensor4D,
): Promise<tf.Tensor4D> {
  const { config, weights } = tokenizer;
  const [, height, width] = images.shape;
  const pixels = planarPixels(tokenizer, images);
  const source = input("pictures", ["1B", 3, height, width]);
  const rows = latentRows(config, encoder(config, source)); // [B*h*w,c]
  const grid = gridOf(config, [height, width]);
  const found = reshape(rows, [-1, ...grid, config.codeWidth]); // [B,h,w,c]
  const results = await compute({ found }, { pictures: pixels }, { weights });
  return results.found as tf.Tensor4D;
}

/**
 * The codes, as latents are compared with them.
 * @returns float32 [K,c]
 */
export async function codebook(
  { config, weights }: OpenTokenizer,
): Promise<tf.Tensor2D> {
  const codes = codebookOf(config);
  return (await compute({ codes }, {}, { weights })).codes as tf.Tensor2D;
}
