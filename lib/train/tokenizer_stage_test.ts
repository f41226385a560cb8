import assert from "node:assert/strict";
import { decodeImage } from "../image/decode.ts";
import type { VqganConfig } from "../vqgan/config.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { psnr } from "./picture_loss.ts";
import { tokenizerStage, type TokenizerTraining } from "./tokenizer_stage.ts";
import { toyPictures } from "./toy_pictures.ts";
import { compareStops, inFolder, runToy } from "./toy_run.ts";
import { TOY_OPTIMIZER } from "./toy_training.ts";

const CONFIG: VqganConfig = {
  imageSize: 8,
  stem: 1,
  channels: [8, 16],
  encoderBlocks: 1,
  decoderBlocks: 1,
  middleBlocks: 0,
  groups: 4,
  codeWidth: 4,
  codes: 16,
  normalizeCodes: true,
};
const BATCH = 4;
const TOKENS = BATCH * 16;

const TRAINING: TokenizerTraining = {
  seed: 1,
  batch: BATCH,
  averaging: 0.9,
  optimizer: TOY_OPTIMIZER,
  losses: { absolute: 1, squared: 2, codebook: 1, commitment: 0.25 },
  reviveEvery: 3,
  reviveWindow: 2 * TOKENS,
};
const source = {
  at: (position: number) =>
    Promise.resolve({
      pixels: toyPictures(position, BATCH, CONFIG.imageSize),
    }),
};

/** Opens the stage, with changes to the training. */
function open(changes: Partial<TokenizerTraining> = {}) {
  return (kept: Checkpoint | undefined) =>
    tokenizerStage(CONFIG, { ...TRAINING, ...changes }, source, kept?.extra);
}

const ADVERSARIAL = {
  start: 6,
  weight: 0.1,
  network: { stem: 1, channels: [8, 8] },
};

Deno.test(
  "tokenizerStage() goes on after a stop with the same losses, to the bit",
  inFolder(async (folder) => {
    const stage = open({ adversarial: ADVERSARIAL });
    const options = { steps: 12, logEvery: 4 };
    // Once before the discriminator joins, once after; codes move in between.
    const stops = [5, 8];
    const { whole, parts } = await compareStops(stage, folder, stops, options);
    const used = whole.numbers.map(({ used }) => used);
    assert.ok(used[3] > used[2], `no code was revived: ${used}`);
    const judged = whole.numbers.map(({ discriminatorLoss }) =>
      discriminatorLoss !== undefined
    );
    assert.deepEqual(judged, [...Array(6).fill(false), ...Array(6).fill(true)]);
    // The discriminator stays as it began until it joins.
    const [before, , after] = parts.map(({ state }) => state);
    for (const [name, value] of before.values) {
      const judges = name.startsWith("discriminator.");
      const idle = before.second.get(name)!.every((moment) => moment === 0);
      assert.equal(idle, judges, name);
      assert.notDeepEqual(after.values.get(name), value, name);
    }
  }),
);

Deno.test(
  "tokenizerStage() learns to rebuild pictures",
  inFolder(async (folder) => {
    const { numbers, done } = await runToy(
      open({ reviveWindow: 4 * TOKENS, reviveEvery: 5 }),
      { folder, steps: 120, sampleEvery: 120, learningRate: 0.004 },
    );
    const mean = (part: typeof numbers) =>
      part.reduce((sum, { psnr }) => sum + psnr, 0) / part.length;
    // One colour for everything would give 10.6 dB.
    const [first, last] = [mean(numbers.slice(0, 5)), mean(numbers.slice(-20))];
    assert.ok(first < 10 && last > 15, `from ${first} to ${last} dB`);
    assert.equal(done, 120);
    // Pictures above, what became of them below.
    const sheet = await decodeImage(
      await Deno.readFile(`${folder}/0000120.png`),
    );
    assert.deepEqual(
      [sheet.width, sheet.height],
      [6 + BATCH * (8 + 6), 6 + 2 * (8 + 6)],
    );
  }),
);

Deno.test("psnr() is that of pictures in -1..1", () => {
  assert.equal(psnr(4), 0);
  assert.ok(Math.abs(psnr(0.04) - 20) < 1e-12);
});
