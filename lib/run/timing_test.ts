import assert from "node:assert/strict";
import { median, repeat, timesOf } from "./timing.ts";

Deno.test("median() is the value in the middle, or between the two there", () => {
  assert.equal(median([3]), 3);
  assert.equal(median([9, 1, 4]), 4);
  assert.equal(median([8, 1, 4, 2]), 3);
  assert.throws(() => median([]), /found no values/);
});

Deno.test("timesOf() gives the middle and both ends, and leaves the values as they are", () => {
  const seconds = [3, 1, 2];
  assert.deepEqual(timesOf(seconds), { median: 2, least: 1, most: 3, runs: 3 });
  assert.deepEqual(seconds, [3, 1, 2]);
});

Deno.test("repeat() leaves out the first runs and waits for each", async () => {
  const order: string[] = [];
  const seconds = await repeat({ warmUp: 1, runs: 2 }, async (run) => {
    order.push(`begins ${run}`);
    await new Promise((resolve) => setTimeout(resolve, run === 0 ? 1 : 20));
    order.push(`ends ${run}`);
  });
  assert.deepEqual(
    order,
    [0, 1, 2].flatMap((n) => [`begins ${n}`, `ends ${n}`]),
  );
  assert.equal(seconds.length, 2);
  assert.ok(seconds.every((value) => value > 0.015));
});
