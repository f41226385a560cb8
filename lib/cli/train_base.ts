/** Data and pictures of the base transformer's training. */

import { embeddedPath } from "../hub/embedded.ts";
import { checkFit } from "../muse/fit.ts";
import { encodeText, loadTextEncoder } from "../text/encode.ts";
import { baseStage, type TokenSource } from "../train/base_stage.ts";
import type { BaseRun } from "../train/config.ts";
import { drawPrompts } from "../train/draw_prompts.ts";
import { loadTokenizer } from "../vqgan/load.ts";
import type { TrainRequest } from "./train.ts";
import type { OpenStage } from "./train_run.ts";

/** Opens the stage with its tokenizer, text encoder and data. */
export async function openBaseStage(
  request: TrainRequest,
  { network, training }: BaseRun,
): Promise<OpenStage> {
  const path = request.tokenizers.tokenizer!;
  const tokenizer = await loadTokenizer(path);
  const encoder = await loadTextEncoder(embeddedPath("text"), {
    length: network.textLength,
  });
  const doing = `train by this --config with the --tokenizer ${path}`;
  checkFit(doing, network, tokenizer.config, encoder);
  const { streamTraining } = await import("./emoji.ts");
  const stream = streamTraining(tokenizer.config.imageSize, training.batch);
  const source: TokenSource = {
    async at(position) {
      const { pixels, captions } = await stream.at(position);
      const tokens = await tokenizer.encode(pixels);
      const { states, mask } = await encodeText(encoder, captions);
      return { tokens, states, textMask: mask };
    },
  };
  const stage = await baseStage(
    network,
    training,
    source,
    (averages, path) =>
      drawPrompts(network, averages, { tokenizer, encoder }, path),
  );
  return {
    stage,
    async close() {
      stream.close();
      await Promise.all([
        stage.close(),
        tokenizer.release(),
        encoder.release(),
      ]);
    },
  };
}
