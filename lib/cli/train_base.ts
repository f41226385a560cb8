/** Data and pictures of the base transformer's training. */

import { encodeText, loadTextEncoder } from "../text/encode.ts";
import { baseStage, type TokenSource } from "../train/base_stage.ts";
import type { BaseRun } from "../train/config.ts";
import type { Stage } from "../train/loop.ts";
import { gridSize } from "../vqgan/config.ts";
import { loadTokenizer } from "../vqgan/load.ts";
import type { TrainRequest } from "./train.ts";

/** Opens the stage with its tokenizer, text encoder and data. */
export async function openBaseStage(
  request: TrainRequest,
  { network, training }: BaseRun,
): Promise<{ stage: Stage; close(): void }> {
  const tokenizer = await loadTokenizer(request.tokenizer);
  const { config } = tokenizer;
  const grid = gridSize(config);
  if (network.codes !== config.codes || network.grid.some((n) => n !== grid)) {
    throw new Error(
      `Cannot train on the tokens of ${request.tokenizer}: it has ` +
        `${config.codes} codes on a ${grid}x${grid} grid, the configuration ` +
        `${network.codes} on ${network.grid.join("x")}`,
    );
  }
  const encoder = await loadTextEncoder("weights/text", {
    length: network.textLength,
  });
  const { streamEmoji } = await import("../../datasets/stream.ts");
  const stream = streamEmoji({
    split: "train",
    size: config.imageSize,
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
  const stage = await baseStage(network, training, source, async () => {});
  return { stage, close: () => stream.close() };
}
