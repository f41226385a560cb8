import assert from "node:assert/strict";
import { leaves } from "../graph/node.ts";
import { createRng } from "../run/random.ts";
import type { VqganConfig } from "../vqgan/config.ts";
import {
  bothDirections,
  createTokenizer,
  type Tokenizer,
} from "../vqgan/model.ts";
import { CODE_TABLE } from "../vqgan/network.ts";
import { averagedWeights } from "./averages.ts";
import { decoderGraph } from "./decoder.ts";
import { decoderStage, type DecoderTraining } from "./decoder_stage.ts";
import { createTrainState } from "./state.ts";
import { toyPictures } from "./toy_pictures.ts";
import { compareStops, inFolder, runToy } from "./toy_run.ts";
import { TOY_OPTIMIZER } from "./toy_training.ts";

const CONFIG: VqganConfig = {
  imageSize: 16,
  stem: 4,
  channels: [8],
  encoderBlocks: 1,
  decoderBlocks: 1,
  middleBlocks: 0,
  groups: 2,
  codeWidth: 4,
  codes: 32,
  normalizeCodes: true,
};
const LARGER: VqganConfig = {
  ...CONFIG,
  decoderBlocks: 2,
  decoderWidening: 2,
};
const TRAINING: DecoderTraining = {
  seed: 1,
  batch: 4,
  averaging: 0.9,
  optimizer: TOY_OPTIMIZER,
  losses: { absolute: 1, squared: 2 },
};
const source = {
  at: (number: number) =>
    Promise.resolve({ pixels: toyPictures(number, TRAINING.batch, 16) }),
};

/** A tokenizer of random weights, whose tokens tell something all the same. */
function randomTokenizer(): Tokenizer {
  const parameters = leaves(bothDirections(CONFIG), "parameter");
  const state = createTrainState(parameters, createRng("frozen"));
  return createTokenizer(CONFIG, averagedWeights(parameters, state));
}

/** Runs with the stage's maker; the tokenizer outlives all stages. */
async function withStage(
  use: (
    open: (training?: DecoderTraining) => ReturnType<typeof decoderStage>,
  ) => Promise<void>,
): Promise<void> {
  const frozen = randomTokenizer();
  try {
    await use((training = TRAINING) =>
      decoderStage(LARGER, training, source, frozen)
    );
  } finally {
    await frozen.release();
  }
}

Deno.test("decoderGraph() trains the decoder and no code", () => {
  const { losses } = decoderGraph(LARGER, TRAINING.losses, 2, {
    start: 0,
    weight: 0.1,
    network: { stem: 2, channels: [8, 8] },
  });
  const names = leaves(losses.map(({ value }) => value), "parameter")
    .map(({ op }) => op.name);
  const untrained = names.filter((name) =>
    !losses.some(({ trains }) => trains(name))
  );
  assert.deepEqual(untrained, [CODE_TABLE]);
  assert.ok(!names.some((name) => name.startsWith("encoder.")));
  assert.ok(names.some((name) => losses[1].trains(name)));
});

Deno.test(
  "decoderStage() learns to draw tokens, and leaves the codes as they are",
  inFolder((folder) =>
    withStage(async (open) => {
      const { numbers, state } = await runToy(() => open(), {
        folder,
        steps: 120,
        sampleEvery: 120,
      });
      const psnr = numbers.map((line) => line.psnr);
      const [first, last] = [psnr.slice(0, 10), psnr.slice(-10)]
        .map((values) => values.reduce((a, b) => a + b) / 10);
      assert.ok(last > first + 4, `${first} to ${last} dB`);
      assert.deepEqual(
        state.values.get(CODE_TABLE),
        createTrainState((await open()).parameters, createRng("toy"))
          .values.get(CODE_TABLE),
      );
      assert.deepEqual(
        state.averages.get(CODE_TABLE),
        state.values.get(CODE_TABLE),
      );
      const picture = await Deno.stat(`${folder}/0000120.png`);
      assert.ok(picture.size > 100);
    })
  ),
);

Deno.test(
  "decoderStage() goes on after a stop with the same losses, to the bit",
  inFolder((folder) =>
    withStage(async (open) => {
      const judged = {
        ...TRAINING,
        adversarial: {
          start: 3,
          weight: 0.1,
          network: { stem: 2, channels: [8, 8] },
        },
      };
      const options = { steps: 6, logEvery: 2 };
      const { whole } = await compareStops(
        () => open(judged),
        folder,
        [2, 4],
        options,
      );
      assert.ok(!("discriminatorLoss" in whole.numbers[2]));
      assert.ok("discriminatorLoss" in whole.numbers[3]);
    })
  ),
);
