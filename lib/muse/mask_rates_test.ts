import assert from "node:assert/strict";
import { samplingMaskRate } from "./mask.ts";
import { maskRateAt, PAPER_RATES } from "./mask_rates.ts";
import { SCHEDULE_NAMES } from "./schedule.ts";

const PLACES = Array.from({ length: 1000 }, (_, i) => i / 1000);

Deno.test("maskRateAt() draws rates above 0 and up to 1 from every schedule", () => {
  for (const name of SCHEDULE_NAMES) {
    const rates = PLACES.map((u) => maskRateAt(name, u));
    assert.ok(rates.every((rate) => rate > 0 && rate <= 1), name);
    assert.equal(rates[0], 1);
  }
});

Deno.test("maskRateAt() has the paper's density by the cosine, and an even one by the line", () => {
  for (const u of PLACES) {
    assert.ok(
      Math.abs(maskRateAt(PAPER_RATES, u) - samplingMaskRate(u)) < 1e-15,
    );
    assert.equal(maskRateAt("linear", u), 1 - u);
  }
  // Another thing than the paper's, of the same mean 2/π.
  const mean = PLACES.reduce((sum, u) => sum + maskRateAt("arccos", u), 0) /
    PLACES.length;
  assert.ok(Math.abs(mean - 2 / Math.PI) < 0.001, `${mean}`);
  assert.notEqual(maskRateAt("arccos", 0.5), maskRateAt("cosine", 0.5));
});

Deno.test("maskRateAt() gives a fixed rate as it is, and refuses one that is none", () => {
  assert.equal(maskRateAt({ fixed: 0.5 }, 0.9), 0.5);
  for (const fixed of [0, 1.1, NaN]) {
    assert.throws(() => maskRateAt({ fixed }, 0), {
      name: "RangeError",
      message: `Cannot mask at a fixed rate: found ${fixed}, wanted a number ` +
        "above 0 and up to 1",
    });
  }
});
