/** Data and pictures of the base transformer's training. */

import type { EncodedBatch } from "../../datasets/cached/batches.ts";
import { embeddedPath } from "../hub/embedded.ts";
import { checkFit } from "../muse/fit.ts";
import { loadTextEncoder } from "../text/encode.ts";
import { baseStage } from "../train/base_stage.ts";
import type { BaseRun } from "../train/config.ts";
import { drawPrompts } from "../train/draw_prompts.ts";
import { loadTokenizer } from "../vqgan/load.ts";
import type { OpenStage, StageContext } from "./train_run.ts";

/** Opens the stage with its tokenizer, text encoder and data. */
export async function openBaseStage(
  { request, data, hashes, signal }: StageContext,
  { network, training }: BaseRun,
): Promise<OpenStage> {
  const path = request.tokenizers.tokenizer!;
  const tokenizer = await loadTokenizer(path);
  const encoder = await loadTextEncoder(embeddedPath("text"), {
    length: network.textLength,
  });
  const doing = `train by this --config with the --tokenizer ${path}`;
  checkFit(doing, network, tokenizer.config, encoder);
  const encoded = await data.encoded(training.batch, {
    tokenizers: [tokenizer],
    hashes: [hashes.tokenizer!],
    encoder,
    signal,
  });
  const named = ({ tokens: [tokens], ...text }: EncodedBatch) => ({
    tokens,
    ...text,
  });
  const stage = await baseStage(
    network,
    training,
    {
      at: async (position) => named(await encoded.at(position)),
      ...(data.shown && { shown: async () => named(await encoded.shown()) }),
    },
    (averages, path) => {
      const parts = { tokenizer, encoder };
      return drawPrompts(network, averages, parts, data.prompts, path);
    },
  );
  return {
    stage,
    async close() {
      encoded.close();
      await Promise.all([
        stage.close(),
        tokenizer.release(),
        encoder.release(),
      ]);
    },
  };
}
