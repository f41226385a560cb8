import assert from "node:assert/strict";
import { TINY } from "../muse/tiny_base.ts";
import { DEVICES } from "../run/device.ts";
import { knownDevices } from "../run/on_device.ts";
import { toyTokens } from "./toy_pictures.ts";
import { openBaseTrainer } from "./trainer.ts";

const SIZES = { ...TINY, batch: 4, count: 6 };
const OPTIONS = { batch: SIZES.batch, learningRate: 0.01, warmupSteps: 2 };

async function losses(
  steps: number,
  options: Partial<Parameters<typeof openBaseTrainer>[1]> = {},
): Promise<number[]> {
  const trainer = await openBaseTrainer(TINY, { ...OPTIONS, ...options });
  const found: number[] = [];
  for (let step = 0; step < steps; step++) {
    found.push(await trainer.learn(toyTokens(step, SIZES)));
  }
  await trainer.release();
  return found;
}

Deno.test("openBaseTrainer() learns what a text says of the tokens", async () => {
  const found = await losses(150);
  const last = found.slice(-20).reduce((a, b) => a + b) / 20;
  assert.ok(found[0] > 2 && last < 0.6, `${found[0]} to ${last}`);
});

Deno.test("openBaseTrainer() is the same by the same seed, and not by other rates", async () => {
  const first = await losses(4);
  assert.deepEqual(await losses(4), first);
  assert.notDeepEqual(await losses(4, { seed: 1 }), first);
  assert.notDeepEqual(await losses(4, { maskRates: { fixed: 0.2 } }), first);
});

Deno.test("openBaseTrainer() gives models that training no longer changes", async () => {
  const trainer = await openBaseTrainer(TINY, OPTIONS);
  const batch = toyTokens(0, SIZES);
  await trainer.learn(batch);
  const { weights } = trainer.model();
  const norm = weights.get("final_norm.weight");
  assert.ok(norm?.kind === "memory");
  const before = norm.data.slice();
  await trainer.learn(batch);
  assert.deepEqual(norm.data, before);
  const after = trainer.model().weights.get("final_norm.weight");
  assert.ok(after?.kind === "memory");
  assert.notDeepEqual(after.data, before);
  await trainer.release();
});

Deno.test("openBaseTrainer() takes the defaults for what is undefined", async () => {
  const usual = await losses(2, { learningRate: undefined });
  assert.deepEqual(usual, await losses(2, { learningRate: 0.004 }));
});

Deno.test("openBaseTrainer() refuses options and devices that there are not", async () => {
  const odd = { ...OPTIONS, learningrate: 1 };
  await assert.rejects(openBaseTrainer(TINY, odd), {
    name: "RangeError",
    message:
      /^Cannot train: found the option learningrate, .*"learningRate"\?$/,
  });
  const device = DEVICES.find((one) => !knownDevices().includes(one));
  await assert.rejects(
    openBaseTrainer(TINY, { ...OPTIONS, device }),
    /Cannot run on /,
  );
});

Deno.test("openBaseTrainer() learns no more once a loss is not finite", async () => {
  const trainer = await openBaseTrainer(TINY, OPTIONS);
  const { states, ...batch } = toyTokens(0, SIZES);
  await assert.rejects(
    trainer.learn({ ...batch, states: states.map(() => NaN) }),
    /any further: loss is NaN after step 1; open another trainer with a lower/,
  );
  await trainer.release();
});

Deno.test("openBaseTrainer() refuses tokens that are no codes, and too few", async () => {
  const trainer = await openBaseTrainer(TINY, OPTIONS);
  const { tokens, ...batch } = toyTokens(0, SIZES);
  const wrong: [Int32Array, RegExp][] = [
    [tokens.with(3, TINY.codes), /found the id 16 of an unknown token, wanted/],
    [
      tokens.with(3, -1),
      /found the id -1, wanted 4 pictures of 6 each with id/,
    ],
    [
      tokens.slice(6),
      /found 18 of them, wanted 4 pictures of 6 each .* to 15;/,
    ],
  ];
  for (const [tokens, message] of wrong) {
    await assert.rejects(trainer.learn({ ...batch, tokens }), {
      name: "RangeError",
      message,
    });
  }
  await trainer.release();
});

Deno.test("openBaseTrainer() refuses sizes that no network can have", async () => {
  const quarter = { ...TINY, width: 24, heads: 4, rotary: true };
  await assert.rejects(openBaseTrainer(quarter, OPTIONS), {
    name: "RangeError",
    message: 'Cannot train a base transformer: "heads" of its network is 4, ' +
      "wanted a divisor of a quarter of the width 24; choose other sizes",
  });
});
