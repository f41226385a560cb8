import assert from "node:assert/strict";
import type { BaseConfig } from "../muse/config.ts";
import { baseStage } from "./base_stage.ts";
import { toyTokens } from "./toy_pictures.ts";
import { compareStops, inFolder, runToy } from "./toy_run.ts";
import { TOY_MASKED } from "./toy_training.ts";

const CONFIG: BaseConfig = {
  textWidth: 6,
  textLength: 3,
  width: 16,
  layers: 2,
  heads: 2,
  hidden: 24,
  codes: 6,
  grid: [2, 3],
};
const SIZES = { ...CONFIG, batch: TOY_MASKED.batch, count: 6 };
const source = {
  at: (position: number) => Promise.resolve(toyTokens(position, SIZES)),
};

function open(draw: (path: string) => Promise<void> = () => Promise.resolve()) {
  return () =>
    baseStage(CONFIG, TOY_MASKED, source, (averages, path) => {
      assert.ok(averages.size > 10);
      return draw(path);
    });
}

Deno.test(
  "baseStage() goes on after a stop with the same losses, to the bit",
  inFolder(async (folder) => {
    const options = { steps: 10, logEvery: 4 };
    const { whole } = await compareStops(open(), folder, [3, 6], options);
    const losses = whole.numbers.map(({ loss }) => loss);
    assert.equal(new Set(losses).size, losses.length);
  }),
);

Deno.test(
  "baseStage() learns what a text says of the tokens",
  inFolder(async (folder) => {
    const drawn: string[] = [];
    const { numbers } = await runToy(
      open((path) => Promise.resolve(void drawn.push(path))),
      { folder, steps: 150, sampleEvery: 75, learningRate: 0.01 },
    );
    const entropy = numbers.map(({ crossEntropy }) => crossEntropy);
    const last = entropy.slice(-20).reduce((a, b) => a + b, 0) / 20;
    // Without the text a hidden picture costs log 6 = 1.79 nats a token.
    assert.ok(entropy[0] > 1.5 && last < 0.5, `${entropy[0]} to ${last}`);
    assert.deepEqual(drawn, [
      `${folder}/0000075.png`,
      `${folder}/0000150.png`,
    ]);
  }),
);

Deno.test("baseStage() hides by the rates of its configuration", async () => {
  const training = { ...TOY_MASKED, maskRates: { fixed: 0.5 } };
  const stage = await baseStage(
    CONFIG,
    training,
    source,
    () => Promise.resolve(),
  );
  const { mask } = await stage.feeds(7);
  for (let i = 0; i < TOY_MASKED.batch; i++) {
    const own = Array.from(mask.subarray(6 * i, 6 * i + 6));
    assert.equal(own.filter((bit) => bit === 1).length, 3);
  }
  await stage.close();
});

Deno.test("baseStage() hides and drops as the paper says, by the number of the step", async () => {
  const stage = await open()();
  let dropped = 0;
  let hidden = 0;
  const steps = 400;
  for (let number = 0; number < steps; number++) {
    const { mask, textFactor } = await stage.feeds(number);
    for (let i = 0; i < TOY_MASKED.batch; i++) {
      const own = Array.from(mask.subarray(6 * i, 6 * i + 6));
      const masked = own.filter((bit) => bit === 1).length;
      assert.ok(masked >= 1, "a picture without a hidden token has no loss");
      hidden += masked / 6;
    }
    dropped += Array.from(textFactor).filter((bit) => bit === 0).length;
  }
  const pictures = steps * TOY_MASKED.batch;
  assert.ok(Math.abs(dropped / pictures - 0.1) < 0.03, `${dropped} dropped`);
  assert.ok(Math.abs(hidden / pictures - 2 / Math.PI) < 0.04, `${hidden}`);
  assert.deepEqual(await stage.feeds(5), await stage.feeds(5));
  assert.notDeepEqual((await stage.feeds(5)).mask, (await stage.feeds(6)).mask);
  await stage.close();
});
