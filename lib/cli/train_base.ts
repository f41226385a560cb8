/** Data and pictures of the base transformer's training. */

import { embeddedPath } from "../hub/embedded.ts";
import {
  encodeText,
  loadTextEncoder,
  type PromptEncoder,
} from "../text/encode.ts";
import { baseStage, type TokenSource } from "../train/base_stage.ts";
import type { BaseRun } from "../train/config.ts";
import { drawPrompts } from "../train/draw_prompts.ts";
import { gridSize } from "../vqgan/config.ts";
import { loadTokenizer } from "../vqgan/load.ts";
import type { Tokenizer } from "../vqgan/model.ts";
import type { TrainRequest } from "./train.ts";
import type { OpenStage } from "./train_run.ts";

/** Opens the stage with its tokenizer, text encoder and data. */
export async function openBaseStage(
  request: TrainRequest,
  { network, training }: BaseRun,
): Promise<OpenStage> {
  const tokenizer = await loadTokenizer(request.tokenizer);
  checkTokenizer(request.tokenizer, tokenizer, network);
  const encoder = await loadTextEncoder(embeddedPath("text"), {
    length: network.textLength,
  });
  checkEncoder(encoder, network);
  const { streamEmoji } = await import("../../datasets/stream.ts");
  const stream = streamEmoji({
    split: "train",
    size: tokenizer.config.imageSize,
    batch: training.batch,
  });
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

function checkTokenizer(
  path: string,
  { config }: Tokenizer,
  network: BaseRun["network"],
): void {
  const grid = gridSize(config);
  if (network.codes === config.codes && network.grid.every((n) => n === grid)) {
    return;
  }
  throw new Error(
    `Cannot train on the tokens of ${path}: it has ${config.codes} codes on ` +
      `a ${grid}x${grid} grid, the configuration ${network.codes} on ` +
      `${network.grid.join("x")}; give another --tokenizer or --config`,
  );
}

function checkEncoder(
  { width }: PromptEncoder,
  { textWidth }: BaseRun["network"],
): void {
  if (width === textWidth) return;
  throw new Error(
    `Cannot train on the text encoder's states: they are ${width} wide, the ` +
      `configuration says "textWidth": ${textWidth}`,
  );
}
