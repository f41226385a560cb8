/** A tokenizer's weights in few bits. */

import { leaves, type Node } from "../graph/node.ts";
import { preciseWeights, type RunOptions } from "../run/precise_weights.ts";
import type { Weights } from "../run/weights.ts";

/**
 * The decoder's weights in the precision that is asked for. All that decides
 * tokens, the encoder and the codes, stays as it is: transformers learned those
 * tokens, and on what int8 makes of them mini's base errs by twice as many nats.
 *
 * @param directions outputs of the encoder and of the decoder
 * @throws as `preciseWeights`
 */
export async function preciseDecoder(
  [tokens, pictures]: readonly [Node, Node],
  weights: Weights,
  run: RunOptions,
): Promise<Weights> {
  const decidesTokens = new Set(
    leaves([tokens], "parameter").map(({ op }) => op.name),
  );
  const precise = await preciseWeights([pictures], weights, run);
  const decoder = [...precise].filter(([name]) => !decidesTokens.has(name));
  return new Map([...weights, ...decoder]);
}
