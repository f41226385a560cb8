/** How undecided a base transformer is. */

import { logSoftmax, mul, neg, softmax, sum } from "../graph/ops.ts";
import { activations, type Reading } from "./activations.ts";
import type { BaseModel } from "./model.ts";
import type { Tensor2D } from "./tensors.ts";

/**
 * Entropy, in nats, of the distribution that the network gives to each token,
 * as it is where guidance is 0 and the temperature 1: 0 where it is sure of one
 * code, the logarithm of K where all are equal to it. The states of several
 * steps of a decode make one batch.
 *
 * ```ts
 * import { blankTokens, encodeText, loadMuse, tokenEntropy } from "muselab";
 *
 * const { base, encoder } = await loadMuse();
 * const text = await encodeText(encoder, ["a red apple"]);
 * const tokens = blankTokens(1, 256, base.config.codes);
 * const entropy = await tokenEntropy(base, { tokens, text }); // [B,N]
 * ```
 *
 * @returns float32 [B,N]; of known tokens too, which the network also predicts
 * @throws RangeError for tokens or text that the network can't read
 */
export async function tokenEntropy(
  model: BaseModel,
  reading: Reading,
): Promise<Tensor2D> {
  const { entropy } = await activations(model, reading, ({ logits }) => ({
    entropy: neg(sum(mul(softmax(logits), logSoftmax(logits)), [-1])), // [B,N]
  }));
  return entropy as Tensor2D;
}
