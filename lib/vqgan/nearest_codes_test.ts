import assert from "node:assert/strict";
import { createRng } from "../run/random.ts";
import { nearestCodes } from "./nearest_codes.ts";

const WIDTH = 3;
const CODES = 20;
const rng = createRng("nearest codes");
const TABLE = Float32Array.from(
  { length: CODES * WIDTH },
  () => rng.normal(),
);

function distance(table: Float32Array, a: number, b: number): number {
  return Math.hypot(
    ...[0, 1, 2].map((i) => table[a * WIDTH + i] - table[b * WIDTH + i]),
  );
}

Deno.test("nearestCodes() lists the closest others of every code, closest first", () => {
  const near = nearestCodes({ vectors: TABLE, width: WIDTH }, 4);
  for (let code = 0; code < CODES; code++) {
    const others = [...Array(CODES).keys()].filter((other) => other !== code)
      .sort((a, b) => distance(TABLE, code, a) - distance(TABLE, code, b));
    assert.deepEqual(
      [...near.subarray(4 * code, 4 * code + 4)],
      others.slice(0, 4),
    );
  }
});

Deno.test("nearestCodes() refuses more codes than there are others", () => {
  assert.throws(
    () => nearestCodes({ vectors: TABLE, width: WIDTH }, CODES),
    /the 20 codes nearest to each of 20: there are 19 others/,
  );
});
