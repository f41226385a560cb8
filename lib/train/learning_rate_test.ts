import assert from "node:assert/strict";
import { learningRateAt } from "./learning_rate.ts";

const SCHEDULE = { peak: 2, warmupSteps: 4, totalSteps: 12, floor: 0.1 };
const at = (step: number) => learningRateAt(SCHEDULE, step);

Deno.test("learningRateAt() rises in equal steps to the peak", () => {
  assert.deepEqual([0, 1, 2, 3].map(at), [0.5, 1, 1.5, 2]);
});

Deno.test("learningRateAt() falls by half a cosine to the floor and stays", () => {
  assert.equal(at(4), 2);
  assert.ok(Math.abs(at(8) - 2 * (0.1 + 0.9 / 2)) < 1e-12);
  assert.ok(Math.abs(at(6) - 2 * (0.1 + 0.9 * (1 + Math.SQRT1_2) / 2)) < 1e-12);
  assert.ok(Math.abs(at(12) - 0.2) < 1e-12);
  assert.equal(at(500), at(12));
  for (let step = 4; step < 12; step++) assert.ok(at(step + 1) < at(step));
});

Deno.test("learningRateAt() is the peak throughout without warm-up, at a floor of 1", () => {
  const flat = { peak: 3, warmupSteps: 0, totalSteps: 5, floor: 1 };
  for (const step of [0, 3, 5, 9]) assert.equal(learningRateAt(flat, step), 3);
});
