import assert from "node:assert/strict";
import { input, matmul, reshape } from "../graph/ops.ts";
import { interpret } from "../run/interpret.ts";
import { createRng } from "../run/random.ts";
import { gridPlaces, rotary } from "./rotary.ts";

const GRID = [3, 5] as const;
const N = 15;
const SIZE = 12;

/** q k' of the same two vectors at every two of the grid's places: [N,N]. */
function scores(): Float32Array {
  const rng = createRng("rotary");
  const [q, k] = [0, 1].map(() => {
    const vector = Array.from({ length: SIZE }, () => rng.normal());
    return Float32Array.from({ length: N * SIZE }, (_, i) => vector[i % SIZE]);
  });
  const turn = rotary(gridPlaces(GRID), SIZE);
  const [a, b] = ["q", "k"].map((name) => turn(input(name, [1, N, 1, SIZE])));
  const graph = {
    scores: matmul(
      reshape(a, [N, SIZE]),
      reshape(b, [N, SIZE]),
      { transposeB: true },
    ),
  };
  return interpret(graph, { q, k }).scores.dataSync<"float32">();
}

Deno.test("rotary() makes products depend on how two places lie, alone", () => {
  const products = scores();
  const byOffset = new Map<string, number>();
  for (let i = 0; i < N; i++) {
    for (let j = 0; j < N; j++) {
      const rows = Math.floor(i / 5) - Math.floor(j / 5);
      const key = `${rows} ${i % 5 - j % 5}`;
      const known = byOffset.get(key) ?? products[i * N + j];
      byOffset.set(key, known);
      assert.ok(Math.abs(products[i * N + j] - known) < 1e-4, key);
    }
  }
  const different = new Set([...byOffset.values()].map((x) => x.toFixed(3)));
  assert.equal(different.size, byOffset.size);
});

Deno.test("rotary() leaves the first place and every length as they are", () => {
  const rng = createRng("lengths");
  const x = Float32Array.from({ length: N * SIZE }, () => rng.normal());
  const turned = rotary(gridPlaces(GRID), SIZE)(input("x", [1, N, 1, SIZE]));
  const y = interpret({ y: turned }, { x }).y.dataSync<"float32">();
  const rows = (values: ArrayLike<number>) =>
    Array.from(
      { length: N },
      (_, i) =>
        Math.hypot(...Array.from(values).slice(i * SIZE, (i + 1) * SIZE)),
    );
  rows(y).forEach((length, i) =>
    assert.ok(Math.abs(length - rows(x)[i]) < 1e-4)
  );
  assert.deepEqual([...y.slice(0, SIZE)], [...x.slice(0, SIZE)]);
});

Deno.test("rotary() refuses heads that don't have pairs for both axes", () => {
  for (const size of [6, 0, 2.5]) {
    assert.throws(() => rotary(gridPlaces(GRID), size), {
      name: "RangeError",
      message: /found [\d.]+ numbers in each, wanted a multiple of 4; /,
    });
  }
});
