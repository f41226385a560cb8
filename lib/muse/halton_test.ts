import assert from "node:assert/strict";
import fc from "fast-check";
import { haltonOrder, radicalInverse } from "./halton.ts";

Deno.test("radicalInverse() mirrors the digits at the point", () => {
  const round = (x: number) => Number(x.toFixed(6));
  const [twos, threes] = [2, 3].map((base) =>
    [1, 2, 3, 4, 5].map((index) => round(radicalInverse(index, base)))
  );
  assert.deepEqual(twos, [0.5, 0.25, 0.75, 0.125, 0.625]);
  assert.deepEqual(
    threes,
    [1, 2, 1 / 3, 4 / 3, 7 / 3].map((x) => round(x / 3)),
  );
  assert.equal(radicalInverse(0, 2), 0);
});

Deno.test("haltonOrder() begins with these positions, as the authors' code", () => {
  // Rows and columns of the first points, scaled to 16 by hand.
  const first = [[8, 5], [4, 10], [12, 1], [2, 7], [10, 12], [6, 3], [14, 8]];
  assert.deepEqual(
    [...haltonOrder([16, 16]).slice(0, 7)],
    first.map(([row, column]) => 16 * row + column),
  );
});

Deno.test("haltonOrder() visits every position of any grid once", () => {
  const side = fc.integer({ min: 1, max: 40 });
  fc.assert(fc.property(side, side, (rows, columns) => {
    const order = haltonOrder([rows, columns]);
    assert.deepEqual(
      [...order].sort((a, b) => a - b),
      Array.from({ length: rows * columns }, (_, i) => i),
    );
  }));
});

Deno.test("haltonOrder() meets the cells of 2^a x 3^b in as many points", () => {
  const order = haltonOrder([8, 9]);
  const points = Array.from({ length: 72 }, (_, i) => {
    const [row, column] = [radicalInverse(i + 1, 2), radicalInverse(i + 1, 3)];
    // The error of a sum of powers of a third must not move a point.
    return 9 * Math.floor(8 * row) + Math.floor(9 * column + 1e-9);
  });
  assert.equal(new Set(points).size, 72);
  assert.equal(new Set(order).size, 72);
});

Deno.test("haltonOrder() spreads whatever comes first evenly", () => {
  const order = haltonOrder([16, 16]);
  for (const [count, most] of [[16, 2], [64, 5], [128, 9]]) {
    const blocks = new Uint8Array(16); // of 4 x 4 positions
    for (const position of order.subarray(0, count)) {
      const [row, column] = [position >> 4, position & 15];
      blocks[(row >> 2) * 4 + (column >> 2)]++;
    }
    const mean = count / 16;
    assert(Math.max(...blocks) <= most, `${blocks} of ${count}`);
    assert(Math.min(...blocks) >= mean - 1, `${blocks} of ${count}`);
  }
});
