import assert from "node:assert/strict";
import { TINY } from "../muse/tiny_base.ts";
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
