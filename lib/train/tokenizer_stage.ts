/** Training of a VQGAN as a stage of the loop. */

import { leaves } from "../graph/node.ts";
import { createRng } from "../run/random.ts";
import type { HostTensor } from "../run/session.ts";
import type { Weights } from "../run/weights.ts";
import type { VqganConfig } from "../vqgan/config.ts";
import { createTokenizer } from "../vqgan/model.ts";
import { averagedWeights } from "./averages.ts";
import type { TokenizerRun } from "./config.ts";
import type { StageTraining } from "./config_form.ts";
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
import {
  type CodeUsage,
  codeUsage,
  countUsage,
  reviveCodes,
  tokenizerGraph,
  usedShare,
} from "./tokenizer.ts";

/** How to train a tokenizer. */
export type TokenizerTraining = StageTraining<TokenizerRun>;

/** Builds the stage. `kept` is what a checkpoint kept of an earlier run. */
export async function tokenizerStage(
  config: VqganConfig,
  training: TokenizerTraining,
  source: PictureSource,
  kept: ReadonlyMap<string, Float32Array<ArrayBuffer>> = new Map(),
): Promise<Stage> {
  const { losses, adversarial } = training;
  const whole = tokenizerGraph(config, losses, 1, adversarial);
  const parameters = leaves(
    whole.losses.map(({ value }) => value),
    "parameter",
  );
  const steps = judgedSteps(
    training,
    (judge) => tokenizerGraph(config, losses, training.batch, judge),
  );
  const usage = codeUsage(config.codes, kept);
  const shown = await shownPictures(source);
  return {
    parameters,
    stepAt: steps.at,
    async feeds(number) {
      return { pictures: (await source.at(number)).pixels };
    },
    observe: (state, results) => observe(training, usage, state, results),
    extra: () => new Map(Object.entries(usage)),
    ...(source.shown && {
      async validate(state: TrainState) {
        const weights = averagedWeights(parameters, state);
        const rebuilt = await rebuild(config, weights, shown);
        return { validationPsnr: psnr(meanSquare(shown, rebuilt)) };
      },
    }),
    async sample(state, path) {
      const weights = averagedWeights(parameters, state);
      const rebuilt = await rebuild(config, weights, shown);
      await writeRows(path, [shown, rebuilt], config.imageSize);
    },
    close: steps.release,
  };
}

/** Takes note of the codes that were chosen; at times, moves the others. */
function observe(
  { seed, reviveEvery, reviveWindow }: TokenizerTraining,
  usage: CodeUsage,
  state: TrainState,
  results: Readonly<Record<string, HostTensor>>,
): Record<string, number> {
  countUsage(usage, results.ids.data as Int32Array);
  const numbers = pictureNumbers(results, {
    used: usedShare(usage, reviveWindow),
  });
  if (state.step % reviveEvery === 0) {
    const rows = results.rows.data as Float32Array;
    const rng = createRng("revive", seed, state.step);
    reviveCodes(state, usage, rows, reviveWindow, rng);
  }
  return numbers;
}

/** Pictures to tokens and back. */
async function rebuild(
  config: VqganConfig,
  weights: Weights,
  pixels: Float32Array,
): Promise<Float32Array> {
  const tokenizer = createTokenizer(config, weights);
  try {
    return await tokenizer.decode(await tokenizer.encode(pixels));
  } finally {
    await tokenizer.release();
  }
}
