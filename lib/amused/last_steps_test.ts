import assert from "node:assert/strict";
import { settingsOf } from "../muse/options.ts";
import { lastSteps } from "./last_steps.ts";
import { AMUSED_DEFAULTS } from "./options.ts";

const ALL = settingsOf({}, AMUSED_DEFAULTS);

Deno.test("lastSteps() end a decode as the whole one does", () => {
  const half = lastSteps(ALL, 0.5, 256);
  // Facts of the reference: about 71% are masked at half the steps.
  assert.equal(half.masked, 181);
  assert.equal(half.settings.steps, 6);
  assert.deepEqual(half.settings.schedule, {
    counts: [155, 127, 97, 66, 33, 0],
  });
  const noise = half.settings.choiceTemperature as { steps: number[] };
  assert.ok(Math.abs(noise.steps[0] - 2 * 5 / 11) < 1e-9);
  assert.equal(noise.steps.at(-1), 0);
  assert.deepEqual(half.settings.guidance, {
    kind: "list",
    scales: Array(6).fill(9),
  });
});

Deno.test("lastSteps() mask all tokens at a strength of 1, and leave a step", () => {
  const all = lastSteps(ALL, 1, 256);
  assert.equal(all.masked, 256);
  assert.equal(all.settings.steps, 12);
  const least = lastSteps(ALL, 0.01, 256);
  assert.equal(least.masked, 33);
  assert.deepEqual(least.settings.schedule, { counts: [0] });
  const tenths = lastSteps({ ...ALL, steps: 10 }, 0.7, 256);
  assert.equal(tenths.settings.steps, 7);
});

Deno.test("lastSteps() refuse a strength that is none", () => {
  for (const strength of [0, -1, 1.1, NaN]) {
    assert.throws(() => lastSteps(ALL, strength, 256), /strength/);
  }
});
