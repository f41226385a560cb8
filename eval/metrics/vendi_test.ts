import assert from "node:assert/strict";
import { assertClose } from "../../lib/run/assert_close.ts";
import { createRng } from "../../lib/run/random.ts";
import { vendiScore } from "./vendi.ts";

const rows = (...rows: number[][]) => ({
  count: rows.length,
  width: rows[0].length,
  data: Float64Array.from(rows.flat()),
});

Deno.test("vendiScore() counts what has nothing in common", async () => {
  const score = async (...of: number[][]) => [await vendiScore(rows(...of))];
  assertClose(await score([1, 0, 0], [0, 2, 0], [0, 0, 3]), [3], 1e-9);
  assertClose(await score([1, 2], [2, 4], [3, 6]), [1], 1e-9);
  // Eigenvalues (1 + c) / 2 and (1 - c) / 2 with the cosine c.
  const c = Math.cos(1);
  const entropy = [1 + c, 1 - c].reduce(
    (sum, x) => sum - x / 2 * Math.log(x / 2),
    0,
  );
  const two = [[1, 0], [Math.cos(1), Math.sin(1)]];
  assertClose(await score(...two), [Math.exp(entropy)], 1e-9);
});

Deno.test("vendiScore() is the same by rows and by columns", async () => {
  const rng = createRng("vendi");
  const few = Array.from(
    { length: 7 },
    () => Array.from({ length: 5 }, () => rng.normal()),
  );
  const wide = few.map((row) => [...row, 0, 0, 0, 0]);
  assertClose(
    [await vendiScore(rows(...few))],
    [await vendiScore(rows(...wide))],
    1e-9,
  );
});

Deno.test("vendiScore() refuses what has no direction", async () => {
  await assert.rejects(vendiScore(rows([0, 0])), /length 0/);
  const none = { count: 0, width: 2, data: new Float64Array() };
  await assert.rejects(vendiScore(none), /diversity of nothing/);
});
