import assert from "node:assert/strict";
import { createRng } from "../run/random.ts";
import { codeRows } from "./code_start.ts";

/** Three codes, the first two of them alike. */
const TABLE = {
  vectors: Float32Array.of(0.995, 0.1, 0.989, 0.148, -0.196, 0.981),
  width: 2,
};

function distance(values: Float32Array, a: number, b: number): number {
  const width = values.length / 5;
  let sum = 0;
  for (let i = 0; i < width; i++) {
    sum += (values[a * width + i] - values[b * width + i]) ** 2;
  }
  return Math.sqrt(sum / width);
}

Deno.test("codeRows() gives codes that look alike rows that are alike", () => {
  const values = codeRows(TABLE, [5, 64], 0.5, createRng("codes"));
  assert.equal(values.length, 5 * 64);
  assert.ok(distance(values, 0, 1) < 0.1);
  assert.ok(distance(values, 0, 2) > 0.5);
  // Ids behind the codes have rows of their own.
  assert.ok(distance(values, 3, 4) > 0.3);
});

Deno.test("codeRows() keeps the deviation, whatever that of the codes", () => {
  const rng = createRng("codes");
  const vectors = Float32Array.from(
    { length: 400 * 8 },
    () => 3 + 20 * rng.normal(),
  );
  const table = { vectors, width: 8 };
  const values = codeRows(table, [401, 64], 0.02, rng);
  const mean = values.reduce((a, b) => a + b) / values.length;
  const power = values.reduce((sum, x) => sum + x * x, 0) / values.length;
  assert.ok(Math.abs(mean) < 0.005, `${mean}`);
  assert.ok(power > 0.017 ** 2 && power < 0.023 ** 2, `${Math.sqrt(power)}`);
});
