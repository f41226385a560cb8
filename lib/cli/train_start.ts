/** What a new run of training starts from. */

import type { Node } from "../graph/node.ts";
import { checkWeights } from "../run/check_weights.ts";
import { readWeightsF32 } from "../run/load_weights.ts";
import { createRng, type Rng } from "../run/random.ts";
import { type FloatTensor, readSafetensorsHeader } from "../run/safetensors.ts";
import { ofDiscriminator } from "../train/picture_loss.ts";
import { codeRows } from "../train/code_start.ts";
import { initialValue } from "../train/init.ts";
import { createTrainState, type TrainState } from "../train/state.ts";
import { widenParameters } from "../train/widen.ts";
import type { TrainRequest } from "./train.ts";
import { readCodeTable } from "../vqgan/code_table.ts";
import type { Config } from "./train_configs.ts";
import type { TokenizerOption } from "./train_stages.ts";

/**
 * The state of a new run: random, or from given weights; a decoder is finetuned
 * from that of the tokenizer it belongs to.
 *
 * @throws Error if the weights don't fit
 */
export async function startState(
  parameters: readonly Node<"parameter">[],
  request: TrainRequest,
  { training: { seed } }: Config,
): Promise<TrainState> {
  const { stage, init, tokenizers } = request;
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
    : await rowsOfCodes(parameters, request, createRng("codes", seed));
  return createTrainState(parameters, rng, given);
}

/** What embeds or tells tokens in a stage, and whose they are. */
const CODED: Readonly<
  Partial<Record<string, readonly (readonly [string, TokenizerOption])[]>>
> = {
  superres: [
    ["low_embedding.weight", "tokenizer"],
    ["token_embedding.weight", "tokenizer-high"],
    ["head.logits.weight", "tokenizer-high"],
  ],
};

/** Those parameters by the codes' own vectors, as large as they'd be anyway. */
async function rowsOfCodes(
  parameters: readonly Node<"parameter">[],
  { stage, tokenizers }: TrainRequest,
  rng: Rng,
): Promise<Map<string, Float32Array>> {
  const given = new Map<string, Float32Array>();
  for (const [name, tokenizer] of CODED[stage] ?? []) {
    const node = parameters.find(({ op }) => op.name === name)!;
    const usual = initialValue(node, rng);
    const power = usual.reduce((sum, x) => sum + x * x, 0) / usual.length;
    const table = await readCodeTable(tokenizers[tokenizer]!);
    const shape = node.shape as [number, number];
    given.set(name, codeRows(table, shape, Math.sqrt(power), rng));
  }
  return given;
}

async function readTensors(path: string): Promise<Map<string, FloatTensor>> {
  return await readWeightsF32(await readSafetensorsHeader(path));
}
