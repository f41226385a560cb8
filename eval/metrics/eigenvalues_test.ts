import assert from "node:assert/strict";
import fc from "fast-check";
import { assertClose } from "../../lib/run/assert_close.ts";
import { createRng } from "../../lib/run/random.ts";
import { factor } from "./cholesky.ts";
import { symmetricEigenvalues } from "./eigenvalues.ts";
import { type Matrix, zeros } from "./matrix.ts";
import { withProgram } from "./native.ts";

/** A symmetric matrix with these eigenvalues: diagonal, then reflected. */
function matrixOf(values: ArrayLike<number>, seed: number): Matrix {
  const size = values.length;
  const { data } = zeros(size, size);
  for (let i = 0; i < size; i++) data[i * size + i] = values[i];
  const rng = createRng("reflections", seed);
  for (let times = 0; times < 3; times++) {
    const v = Float64Array.from({ length: size }, () => rng.normal());
    const scale = 2 / v.reduce((sum, x) => sum + x * x, 0);
    for (const stride of [1, size]) {
      const other = size + 1 - stride;
      for (let i = 0; i < size; i++) {
        let along = 0;
        for (let j = 0; j < size; j++) {
          along += data[i * other + j * stride] * v[j];
        }
        for (let j = 0; j < size; j++) {
          data[i * other + j * stride] -= scale * along * v[j];
        }
      }
    }
  }
  return { rows: size, columns: size, data };
}

// Sizes around the width of the band, which is 48.
for (const size of [1, 2, 3, 47, 48, 49, 50, 96, 97, 98, 145, 200]) {
  Deno.test(`symmetricEigenvalues() finds those of ${size} rows`, async () => {
    const rng = createRng("eigenvalues", size);
    const wanted = Float64Array.from({ length: size }, () => rng.normal());
    const found = await symmetricEigenvalues(matrixOf(wanted, size));
    assertClose(found, wanted.sort(), 1e-13);
  });
}

Deno.test("symmetricEigenvalues() holds for equal, zero and far apart values", async () => {
  const cases = [
    new Float64Array(60),
    new Float64Array(60).fill(-3),
    Float64Array.from({ length: 60 }, (_, i) => i < 30 ? 0 : 1),
    Float64Array.from({ length: 60 }, (_, i) => 10 ** (i / 4 - 14)),
  ];
  for (const wanted of cases) {
    const found = await symmetricEigenvalues(matrixOf(wanted, 1));
    assertClose(found, wanted.sort(), 2e-14);
  }
});

Deno.test("symmetricEigenvalues() keeps trace and Frobenius norm, on any number of threads", () =>
  fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 130 }),
      fc.integer(),
      async (size, seed) => {
        const rng = createRng("any", seed);
        const { data } = zeros(size, size);
        for (let i = 0; i < size; i++) {
          for (let j = 0; j <= i; j++) {
            data[i * size + j] = data[j * size + i] = rng.normal();
          }
        }
        const matrix = { rows: size, columns: size, data };
        const found = await symmetricEigenvalues(matrix, { threads: 2 });
        const sum = found.reduce((a, b) => a + b, 0);
        const squares = found.reduce((a, b) => a + b * b, 0);
        let trace = 0;
        for (let i = 0; i < size; i++) trace += data[i * size + i];
        const norm = data.reduce((a, b) => a + b * b, 0);
        assertClose([sum], [trace], 1e-12 * size);
        assert(Math.abs(squares / norm - 1) < 1e-12);
        const one = await symmetricEigenvalues(matrix, { threads: 1 });
        assert.deepEqual(one, found);
      },
    ),
    { numRuns: 8 },
  ));

async function square(f: Matrix): Promise<Matrix> {
  return await withProgram(
    "addSquare",
    {},
    (run) => run({ x: f, s: zeros(f.columns, f.columns) }),
  );
}

// Around the height of a panel, which is 128.
for (const [size, rank] of [[1, 1], [5, 5], [40, 7], [130, 128], [300, 257]]) {
  Deno.test(`factor() finds the rank ${rank} of ${size} rows`, async () => {
    const values = Array.from(
      { length: size },
      (_, i) => i < rank ? 1 + i % 5 : 0,
    );
    const matrix = matrixOf(values, size);
    const f = await factor(matrix);
    assert.deepEqual([f.rows, f.columns], [rank, size]);
    assertClose((await square(f)).data, matrix.data, 1e-13);
  });
}

Deno.test("factor() ends where the rounding of fp32 begins", async () => {
  const values = Array.from({ length: 80 }, (_, i) => i < 20 ? 1 + i % 5 : 0);
  const matrix = matrixOf(values, 9);
  const rounded = { ...matrix, data: matrix.data.map(Math.fround) };
  const f = await factor(rounded);
  assert(f.rows >= 20 && f.rows < 60, `${f.rows} rows`);
  assertClose((await square(f)).data, matrix.data, 1e-5);
});

Deno.test("factor() finds nothing in nothing", async () => {
  assert.equal((await factor(zeros(4, 4))).rows, 0);
});
