import assert from "node:assert/strict";
import fc from "fast-check";
import { assertClose } from "../../lib/run/assert_close.ts";
import { createRng } from "../../lib/run/random.ts";
import { bootstrapInterval, wilsonInterval } from "./intervals.ts";

Deno.test("wilsonInterval() gives the known answers", () => {
  // SciPy 1.17: binomtest(x, n).proportion_ci(method="wilson").
  const cases = [[8, 10, 0.4901625, 0.9433178], [0, 10, 0, 0.2775328]];
  for (const [successes, trials, low, high] of cases) {
    const found = wilsonInterval(successes, trials);
    assertClose([found.low, found.high], [low, high], 1e-6);
  }
});

Deno.test("wilsonInterval() holds the rate, within 0 and 1, and mirrors", () =>
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10_000 }).chain((trials) =>
        fc.tuple(fc.integer({ min: 0, max: trials }), fc.constant(trials))
      ),
      ([successes, trials]) => {
        const { low, high } = wilsonInterval(successes, trials);
        const rate = successes / trials;
        assert(0 <= low && low <= rate && rate <= high && high <= 1);
        const mirrored = wilsonInterval(trials - successes, trials);
        assertClose([mirrored.low, mirrored.high], [1 - high, 1 - low], 1e-12);
      },
    ),
  ));

Deno.test("wilsonInterval() refuses what is no rate", () => {
  for (const [successes, trials] of [[1, 0], [3, 2], [-1, 2], [0.5, 2]]) {
    assert.throws(() => wilsonInterval(successes, trials), /Cannot compute/);
  }
});

Deno.test("bootstrapInterval() is as wide as the standard error says", () => {
  const rng = createRng("values");
  const values = Float64Array.from({ length: 400 }, () => 3 + rng.normal());
  const { low, high } = bootstrapInterval(values);
  const mean = values.reduce((a, b) => a + b) / 400;
  const squares = values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  const reach = 1.96 * Math.sqrt(squares / 399 / 400);
  assertClose([low, high], [mean - reach, mean + reach], 0.005);
  assert.deepEqual(bootstrapInterval(values), { low, high });
  assert.notDeepEqual(bootstrapInterval(values, { key: "b" }), { low, high });
  assert.deepEqual(bootstrapInterval([5]), { low: 5, high: 5 });
  assert.throws(() => bootstrapInterval([]), /no values/);
});
