import assert from "node:assert/strict";
import { createRng } from "../run/random.ts";
import { noisyStates } from "./text_noise.ts";

const BATCH = 2000;
const LENGTH = 6;
const WIDTH = 8;
/** Four states of each text, then two that fill it up. */
const TEXT_MASK = Float32Array.from(
  { length: BATCH * LENGTH },
  (_, i) => i % LENGTH < 4 ? 1 : 0,
);

/** States of which one number varies twice as much as the others. */
function states(): Float32Array {
  const rng = createRng("text noise test");
  return Float32Array.from(
    { length: BATCH * LENGTH * WIDTH },
    (_, i) => 3 + rng.normal() * (i % WIDTH === 0 ? 2 : 1),
  );
}

/** What a sample's noise is worth, in each number of its states. */
function spread(noise: Float32Array, sample: number, e: number): number {
  let squares = 0;
  for (let i = 0; i < 4; i++) {
    squares += noise[(sample * LENGTH + i) * WIDTH + e] ** 2;
  }
  return squares / 4;
}

Deno.test("noisyStates() spreads noise as states are spread, and leaves fillers", () => {
  const before = states();
  const rng = createRng("noise");
  const pairs = { states: before, textMask: TEXT_MASK };
  const noise = noisyStates(pairs, BATCH, 1, rng)
    .map((value, i) => value - before[i]);
  noise.forEach((value, i) => {
    if (TEXT_MASK[Math.floor(i / WIDTH)] === 0) assert.equal(value, 0);
  });
  const samples = [...Array(BATCH).keys()];
  const mean = (e: number) =>
    samples.reduce((sum, sample) => sum + spread(noise, sample, e), 0) / BATCH;
  // The mean of the fourth power of an even draw is a fifth.
  assert.ok(Math.abs(mean(1) - 1 / 5) < 0.04, `${mean(1)}`);
  assert.ok(Math.abs(mean(0) / mean(1) - 4) < 0.5, `${mean(0)}`);
  const sizes = samples.map((sample) => Math.sqrt(spread(noise, sample, 1)))
    .sort((a, b) => a - b);
  assert.ok(Math.abs(sizes[BATCH / 2] - 1 / 4) < 0.06, `${sizes[BATCH / 2]}`);
});

Deno.test("noisyStates() leaves states as they are where no noise is wanted", () => {
  const before = states();
  const pairs = { states: before, textMask: TEXT_MASK };
  assert.deepEqual(noisyStates(pairs, BATCH, 0, createRng("noise")), before);
  assert.deepEqual(before, states());
});
