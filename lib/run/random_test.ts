import assert from "node:assert/strict";
import fc from "fast-check";
import { createRng, restoreRng } from "./random.ts";

const PINNED = {
  train3: [2141641289, 1053991310, 261211821, 2249921523],
  train4: [2397965720, 1415752213, 3251215068, 1879829607],
  empty: [4213551379, 3715542327, 3255515713, 757273394],
};

const draw = (count: number, ...key: (number | string)[]) => {
  const rng = createRng(...key);
  return Array.from({ length: count }, () => rng.uniform() * 2 ** 32);
};

Deno.test("createRng() gives the sequences that were pinned", () => {
  assert.deepEqual(draw(4, "train", 3), PINNED.train3);
  assert.deepEqual(draw(4, "train", 4), PINNED.train4);
  assert.deepEqual(draw(4), PINNED.empty);
});

Deno.test("restoreRng() runs sfc32 as published", () => {
  // Computed by hand from the reference step: out = a + b + counter, then
  // a = b ^ b >>> 9, b = c + (c << 3), c = rotl(c, 21) + out.
  const rng = restoreRng([1, 2, 3, 4]);
  assert.equal(rng.uniform() * 2 ** 32, 1 + 2 + 4);
  assert.deepEqual(rng.state(), [2, 27, 3 * 2 ** 21 + 7, 5]);
  assert.equal(rng.uniform() * 2 ** 32, 2 + 27 + 5);
});

Deno.test("createRng() tells keys apart: values, types, order, division", () => {
  const keys: (number | string)[][] = [
    ["a", 1],
    ["a", 2],
    ["a", "1"],
    [1, "a"],
    ["a1"],
    ["a", 1, 0],
    ["ab", "c"],
    ["a", "bc"],
    [0.5],
    [-0.5],
  ];
  const firsts = keys.map((key) => draw(2, ...key).join());
  assert.equal(new Set(firsts).size, keys.length);
});

Deno.test("createRng() makes neighbouring keys independent streams", () => {
  // The correlation of 20000 independent pairs lies within 5 sigma = 0.036.
  const pairs = Array.from({ length: 20_000 }, (_, i) => [
    createRng("train", i).uniform() - 0.5,
    createRng("train", i + 1).uniform() - 0.5,
  ]);
  const sum = pairs.reduce((total, [a, b]) => total + a * b, 0);
  assert.ok(Math.abs(12 * sum / pairs.length) < 0.036);
});

Deno.test("createRng() refuses keys that are not finite", () => {
  assert.throws(() => createRng("a", NaN), /NaN/);
  assert.throws(() => createRng(Infinity), /Infinity/);
});

Deno.test("Rng.state() and restoreRng() continue a stream", () => {
  fc.assert(fc.property(fc.string(), fc.nat(50), (key, skip) => {
    const rng = createRng(key);
    for (let i = 0; i < skip; i++) rng.normal();
    const copy = restoreRng(rng.state());
    for (let i = 0; i < 5; i++) assert.equal(copy.uniform(), rng.uniform());
  }));
});

Deno.test("restoreRng() refuses what is not a state", () => {
  assert.throws(() => restoreRng([1, 2, 3]), /four integers/);
  assert.throws(() => restoreRng([1, 2, 3, -1]), /four integers/);
  assert.throws(() => restoreRng([1, 2, 3, 0.5]), /four integers/);
});

Deno.test("Rng.uniform() spreads evenly over [0, 1)", () => {
  const rng = createRng("uniform");
  const bins = new Array<number>(64).fill(0);
  for (let i = 0; i < 64_000; i++) bins[Math.floor(rng.uniform() * 64)]++;
  // Chi-square with 63 degrees of freedom: 120 is beyond 1 in 100,000.
  const chi = bins.reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
  assert.ok(chi < 120 && chi > 25, `chi-square ${chi}`);
});

Deno.test("Rng.integer() is even, also where 2^32 is not a multiple", () => {
  const rng = createRng("integer");
  const bins = new Array<number>(7).fill(0);
  for (let i = 0; i < 70_000; i++) bins[rng.integer(7)]++;
  assert.ok(bins.every((n) => Math.abs(n - 10_000) < 450), `${bins}`);
  // A plain remainder would give 2/3 of these a value in the lower half.
  const n = 3 * 2 ** 30;
  let low = 0;
  for (let i = 0; i < 20_000; i++) low += rng.integer(n) < n / 2 ? 1 : 0;
  assert.ok(Math.abs(low - 10_000) < 400, `${low}`);
  assert.equal(rng.integer(1), 0);
});

Deno.test("Rng.integer() refuses bounds that make no sense", () => {
  const rng = createRng("bounds");
  for (const n of [0, -1, 1.5, NaN, 2 ** 33]) {
    assert.throws(() => rng.integer(n), RangeError);
  }
});

Deno.test("Rng.normal() has mean 0, variance 1 and normal tails", () => {
  const rng = createRng("normal");
  const values = Array.from({ length: 50_000 }, () => rng.normal());
  const mean = values.reduce((a, b) => a + b) / values.length;
  const square = values.reduce((a, b) => a + b * b, 0) / values.length;
  const beyond = values.filter((v) => Math.abs(v) > 1.96).length;
  assert.ok(Math.abs(mean) < 0.02, `mean ${mean}`);
  assert.ok(Math.abs(square - 1) < 0.03, `variance ${square}`);
  assert.ok(Math.abs(beyond / values.length - 0.05) < 0.005, `${beyond}`);
});

Deno.test("Rng.shuffle() makes every order equally often and copies", () => {
  const rng = createRng("shuffle");
  const orders = new Map<string, number>();
  const items = ["a", "b", "c"] as const;
  for (let i = 0; i < 12_000; i++) {
    const order = rng.shuffle(items).join("");
    orders.set(order, (orders.get(order) ?? 0) + 1);
  }
  assert.deepEqual(items, ["a", "b", "c"]);
  assert.equal(orders.size, 6);
  for (const n of orders.values()) assert.ok(Math.abs(n - 2000) < 220);
});

Deno.test("Rng.pick() picks every item and refuses none", () => {
  const rng = createRng("pick");
  const seen = new Set(Array.from({ length: 100 }, () => rng.pick([1, 2, 3])));
  assert.deepEqual([...seen].sort(), [1, 2, 3]);
  assert.throws(() => rng.pick([]), RangeError);
});

Deno.test("Rng.fill() gives float32 numbers below one, the largest included", () => {
  const out = createRng("fill").fill(new Float32Array(1000));
  assert.ok(out.every((value) => value >= 0 && value < 1));
  assert.ok(new Set(out).size > 990);
  // The state whose next output has all bits set.
  const top = restoreRng([0xffffffff, 0, 0, 0]).fill(new Float32Array(1));
  assert.equal(top[0], 1 - 2 ** -24);
});
