import assert from "node:assert/strict";
import { BENCHMARK_MODEL, measureTraining, stepGflop } from "./throughput.ts";

Deno.test("stepGflop() counts the products of the published step", () => {
  // 4096 tokens, 25.7 M weights and 2.1 M products of attention for each.
  assert.ok(Math.abs(stepGflop(BENCHMARK_MODEL) - 682.9) < 0.1);
  const twice = { ...BENCHMARK_MODEL, batch: 32 };
  assert.equal(stepGflop(twice), 2 * stepGflop(BENCHMARK_MODEL));
});

Deno.test("measureTraining() gives figures that fit each other", async () => {
  const seen: number[] = [];
  const model = {
    layers: 1,
    batch: 2,
    tokens: 8,
    width: 16,
    heads: 2,
    vocabulary: 11,
  };
  const figures = await measureTraining({
    steps: 3,
    model,
    onStep: (step) => seen.push(step),
  });
  assert.deepEqual(seen, [1, 2, 3]);
  assert.ok(figures.multiplyGflops > 0);
  const rate = stepGflop(model) / figures.secondsPerStep;
  assert.equal(figures.trainGflops, rate);
  assert.equal(figures.ratio, rate / figures.multiplyGflops);
  const { outsideRuntimeShare, residentMb } = figures;
  assert.ok(outsideRuntimeShare > 0 && outsideRuntimeShare < 1);
  assert.ok(residentMb.every((mb) => mb > 10));
});
