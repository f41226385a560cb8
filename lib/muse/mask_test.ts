import assert from "node:assert/strict";
import fc from "fast-check";
import { createRng } from "../run/random.ts";
import {
  applyMask,
  countMasked,
  maskTokens,
  randomMask,
  samplingMaskRate,
} from "./mask.ts";

const ones = (mask: Uint8Array) => mask.reduce((sum, bit) => sum + bit, 0);

Deno.test("samplingMaskRate() has the mean and quartiles of the paper's density", () => {
  const rng = createRng("mask rate");
  const rates = Array.from(
    { length: 100_000 },
    () => samplingMaskRate(rng.uniform()),
  );
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  // Standard error: 0.308 / √100000 = 0.001.
  assert(Math.abs(mean - 2 / Math.PI) < 0.004, `mean ${mean}`);
  // The distribution function is 2/π asin(r).
  for (const r of [0.2, 0.5, 0.9]) {
    const share = rates.filter((rate) => rate < r).length / rates.length;
    const wanted = 2 / Math.PI * Math.asin(r);
    assert(Math.abs(share - wanted) < 0.007, `P(rate < ${r}) is ${share}`);
  }
  assert.equal(samplingMaskRate(0), 1);
  assert(samplingMaskRate(1 - 2 ** -32) > 0);
});

Deno.test("countMasked() rounds, and hides at least one token", () => {
  assert.equal(countMasked(0.5, 256), 128);
  assert.equal(countMasked(0.64, 10), 6);
  assert.equal(countMasked(1, 256), 256);
  assert.equal(countMasked(1e-6, 256), 1);
  assert.equal(countMasked(0, 256), 0);
});

Deno.test("countMasked() refuses a rate that is no share", () => {
  for (const rate of [-0.1, 1.1, NaN]) {
    assert.throws(() => countMasked(rate, 256), {
      name: "RangeError",
      message: `Cannot mask tokens: found the rate ${rate}, ` +
        "wanted a number from 0 to 1",
    });
  }
});

Deno.test("randomMask() hides exactly the count asked for", () => {
  const sizes = fc.nat(300).chain((length) =>
    fc.tuple(fc.constant(length), fc.nat(length), fc.integer())
  );
  fc.assert(fc.property(sizes, ([length, masked, seed]) => {
    const mask = randomMask(length, masked, createRng(seed));
    assert.equal(mask.length, length);
    assert.equal(ones(mask), masked);
  }));
});

Deno.test("randomMask() makes every choice equally likely", () => {
  const rng = createRng("random mask");
  const counts = new Map<string, number>();
  const draws = 6000;
  for (let i = 0; i < draws; i++) {
    const key = randomMask(4, 2, rng).join("");
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  assert.equal(counts.size, 6);
  const expected = draws / 6;
  const chiSquare = [...counts.values()]
    .reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
  assert(chiSquare < 20.5, `chi-square ${chiSquare}`); // 5 degrees, p = 0.001
});

Deno.test("randomMask() depends on the generator alone", () => {
  const draw = () => [...randomMask(12, 5, createRng("pinned"))];
  assert.deepEqual(draw(), [1, 1, 0, 0, 1, 0, 0, 1, 0, 1, 0, 0]);
  assert.deepEqual(draw(), draw());
});

Deno.test("randomMask() refuses a count that doesn't fit", () => {
  for (const count of [5, -1, 1.5]) {
    assert.throws(
      () => randomMask(4, count, createRng(0)),
      new RegExp(
        `mask ${count} of 4 tokens: wanted a whole number from 0 to 4`,
      ),
    );
  }
});

Deno.test("maskTokens() hides tokens where its mask says", () => {
  const tokens = Int32Array.from({ length: 100 }, (_, i) => i % 7);
  const masked = maskTokens(tokens, 0.3, createRng(1), 7);
  assert.equal(ones(masked.mask), 30);
  masked.tokens.forEach((token, i) =>
    assert.equal(token, masked.mask[i] ? 7 : tokens[i])
  );
  assert.equal(tokens.includes(7), false); // the input is left alone
});

Deno.test("maskTokens() hides nothing at rate 0 and all at rate 1", () => {
  const tokens = Int32Array.of(3, 1, 4, 1, 5);
  const at = (rate: number) => maskTokens(tokens, rate, createRng(1), 9).tokens;
  assert.deepEqual([...at(0)], [3, 1, 4, 1, 5]);
  assert.deepEqual([...at(1)], [9, 9, 9, 9, 9]);
});

Deno.test("applyMask() refuses a mask of another length", () => {
  const tokens = Int32Array.of(3, 1, 4);
  const mask = Uint8Array.of(0, 1, 0);
  assert.deepEqual([...applyMask(tokens, mask, 8)], [3, 8, 4]);
  assert.throws(
    () => applyMask(tokens, Uint8Array.of(1), 8),
    /mask 3 tokens by a mask of 1: wanted one entry for each token/,
  );
});
