/** What a new run of training starts from. */

import type { Node } from "../graph/node.ts";
import { checkWeights } from "../run/check_weights.ts";
import { readWeightsF32 } from "../run/load_weights.ts";
import { createRng } from "../run/random.ts";
import { type FloatTensor, readSafetensorsHeader } from "../run/safetensors.ts";
import { ofDiscriminator } from "../train/picture_loss.ts";
import { createTrainState, type TrainState } from "../train/state.ts";
import { widenParameters } from "../train/widen.ts";
import type { TrainRequest } from "./train.ts";
import type { Config } from "./train_configs.ts";

/**
 * The state of a new run: random, or from given weights; a decoder is finetuned
 * from that of the tokenizer it belongs to.
 *
 * @throws Error if the weights don't fit
 */
export async function startState(
  parameters: readonly Node<"parameter">[],
  { stage, init, tokenizers }: TrainRequest,
  { training: { seed } }: Config,
): Promise<TrainState> {
  const rng = createRng("init", seed);
  if (init !== undefined) {
    const tensors = await readTensors(init);
    // Weights for use come without the discriminator, which starts afresh.
    const own = parameters.filter(({ op: { name } }) =>
      tensors.has(name) || !ofDiscriminator(name)
    );
    const wanted = new Set(own.map(({ op }) => op.name));
    // A decoder's weights come in the file of a whole tokenizer.
    const given = stage === "decoder"
      ? new Map([...tensors].filter(([name]) => wanted.has(name)))
      : tensors;
    checkWeights(init, given, own);
    return createTrainState(
      parameters,
      rng,
      new Map([...given].map(([name, { data }]) => [name, data])),
    );
  }
  const given = stage === "decoder"
    ? widenParameters(
      parameters,
      await readTensors(tokenizers["tokenizer-high"]!),
      createRng("widen", seed),
    )
    : undefined;
  return createTrainState(parameters, rng, given);
}

async function readTensors(path: string): Promise<Map<string, FloatTensor>> {
  return await readWeightsF32(await readSafetensorsHeader(path));
}
