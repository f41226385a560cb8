import assert from "node:assert/strict";
import { atStep, type PerStep } from "./per_step.ts";

function all(value: PerStep, steps: number): number[] {
  return Array.from(
    { length: steps },
    (_, step) => atStep("temperature", value, step, steps),
  );
}

Deno.test("atStep() takes a number, a ramp or a list", () => {
  assert.deepEqual(all(2, 3), [2, 2, 2]);
  assert.deepEqual(all({ from: 1, to: 0.5 }, 3), [1, 0.75, 0.5]);
  assert.deepEqual(all({ from: 1, to: 0.5 }, 1), [0.5]);
  assert.deepEqual(all({ steps: [3, 1, 2] }, 3), [3, 1, 2]);
});

Deno.test("atStep() refuses a list for another number of steps", () => {
  assert.throws(() => atStep("temperature", { steps: [1, 2] }, 0, 3), {
    name: "RangeError",
    message: "Cannot take the temperature from a list: found 2 of them for " +
      "3 steps, wanted one for each",
  });
});
