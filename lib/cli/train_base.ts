/** Data and pictures of the base transformer's training. */

import type { EncodedBatch } from "../../datasets/cached/batches.ts";
import { embeddedPath } from "../hub/embedded.ts";
import { checkFit } from "../muse/fit.ts";
import { loadTogether } from "../muse/load_together.ts";
import { loadTextEncoder } from "../text/encode.ts";
import { baseStage } from "../train/base_stage.ts";
import type { BaseRun } from "../train/config.ts";
import { drawPrompts } from "../train/draw_prompts.ts";
import { loadTokenizer } from "../vqgan/load.ts";
import { encodedSource } from "./train_data.ts";
import { openOver } from "./train_open.ts";
import type { OpenStage, StageContext } from "./train_run.ts";

/** Opens the stage with its tokenizer, text encoder and data. */
export async function openBaseStage(
  { request, data, hashes, signal }: StageContext,
  { network, training }: BaseRun,
): Promise<OpenStage> {
  const path = request.tokenizers.tokenizer!;
  const parts = [
    loadTokenizer(path),
    loadTextEncoder(embeddedPath("text"), { length: network.textLength }),
  ] as const;
  return await loadTogether(parts, async ([tokenizer, encoder]) => {
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
    const source = encodedSource(data, encoded, named);
    return await openOver(
      encoded,
      () =>
        baseStage(network, training, source, (averages, path) => {
          const parts = { tokenizer, encoder };
          return drawPrompts(network, averages, parts, data.prompts, path);
        }),
      [tokenizer, encoder],
    );
  });
}
