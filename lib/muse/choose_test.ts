import assert from "node:assert/strict";
import fc from "fast-check";
import { createRng } from "../run/random.ts";
import { choiceTemperatureAt, choosePositions, gumbel } from "./choose.ts";

function choose(
  mask: readonly number[],
  confidence: readonly number[],
  keep: number,
  temperature = 0,
  seed = 0,
): number[] {
  const chosen = choosePositions(
    Uint8Array.from(mask),
    Float32Array.from(confidence),
    keep,
    temperature,
    createRng("choose", seed),
  );
  return [...chosen];
}

Deno.test("choiceTemperatureAt() falls to zero, as aMUSEd's scheduler does from its pair (2, 0)", () => {
  const found = Array.from(
    { length: 12 },
    (_, step) => Number(choiceTemperatureAt(2, step, 12).toFixed(3)),
  );
  assert.deepEqual(
    found,
    [2, 1.818, 1.636, 1.455, 1.273, 1.091, .909, .727, .545, .364, .182, 0],
  );
  assert.equal(choiceTemperatureAt(2, 0, 1), 0);
});

Deno.test("gumbel() inverts the distribution function exp(-exp(-x))", () => {
  for (const u of [0.01, 0.3, 0.5, 0.99]) {
    assert(Math.abs(Math.exp(-Math.exp(-gumbel(u))) - u) < 1e-12);
  }
  // The ends of what a generator gives: finite, and in order.
  assert(gumbel(0) > -4);
  assert(gumbel(1 - 2 ** -32) < 25);
});

Deno.test("choosePositions() keeps the most confident unknown positions", () => {
  const confidence = [0.9, 0.2, 0.5, 0.4, 0.1];
  assert.deepEqual(choose([0, 1, 1, 1, 1], confidence, 2), [0, 0, 1, 1, 0]);
  assert.deepEqual(choose([1, 1, 1, 1, 1], confidence, 1), [1, 0, 0, 0, 0]);
  assert.deepEqual(choose([0, 1, 0, 1, 0], confidence, 2), [0, 1, 0, 1, 0]);
  assert.deepEqual(choose([0, 1, 0, 1, 0], confidence, 0), [0, 0, 0, 0, 0]);
});

Deno.test("choosePositions() keeps the first of equally confident ones", () => {
  const mask = [1, 1, 1, 1, 1, 1];
  const confidence = [0.2, 0.5, 0.2, 0.5, 0.5, 0.2];
  assert.deepEqual(choose(mask, confidence, 2), [0, 1, 0, 1, 0, 0]);
  assert.deepEqual(choose(mask, confidence, 4), [1, 1, 0, 1, 1, 0]);
  // A probability that underflowed to 0 is a tie too, not an error.
  assert.deepEqual(choose(mask, [0, 0, 0, 0, 0, 0], 2), [1, 1, 0, 0, 0, 0]);
});

Deno.test("choosePositions() chooses at temperature 1 by the probabilities", () => {
  // The highest of log p + Gumbel is at a position with the chance p / sum.
  const confidence = [0.1, 0.2, 0.3, 0.6];
  const counts = [0, 0, 0, 0];
  const draws = 6000;
  for (let seed = 0; seed < draws; seed++) {
    counts[choose([1, 1, 1, 1], confidence, 1, 1, seed).indexOf(1)]++;
  }
  let chiSquare = 0;
  counts.forEach((count, i) => {
    const expected = draws * confidence[i] / 1.2;
    chiSquare += (count - expected) ** 2 / expected;
  });
  assert(chiSquare < 16.3, `chi-square ${chiSquare}`); // 3 degrees, p = 0.001
});

Deno.test("choosePositions() keeps as many as asked for, all of them unknown", () => {
  const picture = fc.record({
    mask: fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 1 }),
    temperature: fc.constantFrom(0, 1, 4.5),
    seed: fc.integer(),
  });
  fc.assert(fc.property(picture, fc.nat(), (picture, n) => {
    const { mask, temperature, seed } = picture;
    const masked = mask.filter((bit) => bit === 1).length;
    const keep = n % (masked + 1);
    const rng = createRng("confidence", seed);
    const confidence = mask.map(() => rng.uniform());
    const chosen = choose(mask, confidence, keep, temperature, seed);
    assert.equal(chosen.filter((bit) => bit === 1).length, keep);
    assert(chosen.every((bit, i) => bit <= mask[i]));
  }));
});

Deno.test("choosePositions() draws the same noise whatever the mask", () => {
  const confidence = [0.5, 0.5, 0.5, 0.5];
  const all = choose([1, 1, 1, 1], confidence, 1, 1, 7);
  const best = all.indexOf(1);
  const others = [0, 1, 2, 3].map((i) => i === (best + 1) % 4 ? 0 : 1);
  assert.deepEqual(choose(others, confidence, 1, 1, 7), all);
});
