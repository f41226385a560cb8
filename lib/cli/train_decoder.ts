/** Data of the finetuning of a decoder. */

import { loadTogether } from "../muse/load_together.ts";
import type { DecoderRun } from "../train/config.ts";
import { configChanges } from "../train/config_changes.ts";
import { decoderStage } from "../train/decoder_stage.ts";
import { loadTokenizer } from "../vqgan/load.ts";
import type { VqganConfig } from "../vqgan/config.ts";
import { pictureSource } from "./train_data.ts";
import { openOver } from "./train_open.ts";
import type { OpenStage, StageContext } from "./train_run.ts";

/** Opens the stage with its tokenizer and data. */
export async function openDecoderStage(
  { request, data }: StageContext,
  { network, training }: DecoderRun,
): Promise<OpenStage> {
  const path = request.tokenizers["tokenizer-high"]!;
  return await loadTogether([loadTokenizer(path)], async ([frozen]) => {
    checkFrozen(path, frozen.config, network);
    const source = pictureSource(data, network.imageSize, training.batch);
    return await openOver(
      source,
      () => decoderStage(network, training, source, frozen),
      [frozen],
    );
  });
}

/** Fields that finetuning may change. */
const OF_DECODER = ["decoderBlocks", "decoderWidening"];

/** Whether the configuration differs from the tokenizer in the decoder only. */
function checkFrozen(
  path: string,
  frozen: VqganConfig,
  network: VqganConfig,
): void {
  const whole = { localEncoder: false, ...network };
  const faults = configChanges(frozen, whole)
    .filter(({ field }) => !OF_DECODER.includes(field))
    .map(({ field, before, after }) => `${field}: ${after}, wanted ${before}`);
  if (faults.length === 0) return;
  throw new Error(
    `Cannot finetune the decoder of ${path}: its encoder and codebook stay, ` +
      `but this --config has others (${faults.join("; ")})`,
  );
}
