/** Finetuning of a decoder as a stage of the loop. */

import { leaves } from "../graph/node.ts";
import type { VqganConfig } from "../vqgan/config.ts";
import { createTokenizer, type Tokenizer } from "../vqgan/model.ts";
import { averagedWeights } from "./averages.ts";
import type { DecoderRun } from "./config.ts";
import type { StageTraining } from "./config_form.ts";
import { decoderGraph } from "./decoder.ts";
import { judgedSteps } from "./judged_steps.ts";
import type { Stage } from "./loop.ts";
import { meanSquare, psnr } from "./picture_loss.ts";
import {
  pictureNumbers,
  type PictureSource,
  shownPictures,
  writeRows,
} from "./picture_stage.ts";
import type { TrainState } from "./state.ts";

/** How to finetune a decoder. */
export type DecoderTraining = StageTraining<DecoderRun>;

/**
 * Builds the stage.
 *
 * @param frozen the tokenizer whose encoder and codebook stay
 */
export async function decoderStage(
  config: VqganConfig,
  training: DecoderTraining,
  source: PictureSource,
  frozen: Tokenizer,
): Promise<Stage> {
  const { batch, losses, adversarial } = training;
  const whole = decoderGraph(config, losses, 1, adversarial);
  const parameters = leaves(
    whole.losses.map(({ value }) => value),
    "parameter",
  );
  const steps = judgedSteps(
    training,
    (judge) => decoderGraph(config, losses, batch, judge),
  );
  const shown = await shownPictures(source);
  const shownIds = await frozen.encode(shown);
  const before = await frozen.decode(shownIds);
  async function drawShown(state: TrainState): Promise<Float32Array> {
    const weights = averagedWeights(parameters, state);
    const tokenizer = createTokenizer(config, weights);
    try {
      return await tokenizer.decode(shownIds);
    } finally {
      await tokenizer.release();
    }
  }
  return {
    parameters,
    stepAt: steps.at,
    async feeds(number) {
      const { pixels } = await source.at(number);
      return { pictures: pixels, ids: await frozen.encode(pixels) };
    },
    observe: (_, results) => pictureNumbers(results),
    extra: () => new Map(),
    ...(source.shown && {
      async validate(state: TrainState) {
        const error = meanSquare(shown, await drawShown(state));
        return { validationPsnr: psnr(error) };
      },
    }),
    async sample(state, path) {
      const after = await drawShown(state);
      await writeRows(path, [shown, before, after], config.imageSize);
    },
    close: steps.release,
  };
}
