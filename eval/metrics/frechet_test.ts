import assert from "node:assert/strict";
import fc from "fast-check";
import { assertClose } from "../../lib/run/assert_close.ts";
import { frechetDistance } from "./frechet.ts";
import { frechetBias } from "./frechet_bias.ts";
import { type Matrix, zeros } from "./matrix.ts";
import { type Gaussian, gaussianOf, momentsOf } from "./moments.ts";
import { randomFeatures } from "./random_features.ts";

function diagonal(values: readonly number[]): Matrix {
  const matrix = zeros(values.length, values.length);
  values.forEach((x, i) => matrix.data[i * values.length + i] = x);
  return matrix;
}

const gaussian = (mean: number[], covariance: Matrix): Gaussian => ({
  mean: Float64Array.from(mean),
  covariance,
});

Deno.test("frechetDistance() gives the closed forms", async () => {
  // Means apart by 1 in every dimension, as in pytorch-fid's own test.
  const [zero, one] = [0, 1].map((x) =>
    gaussian(Array(2048).fill(x), diagonal(Array(2048).fill(1)))
  );
  const apart = await frechetDistance(zero, one, { threads: 1 });
  assertClose([apart], [2048], 1e-13);
  const general = await frechetDistance(
    gaussian([2, 3], diagonal([1, 4])),
    gaussian([5, 7], {
      rows: 2,
      columns: 2,
      data: Float64Array.of(3, 2, 2, 8),
    }),
  );
  assertClose([general], [26.455097962516447], 1e-14);
});

Deno.test("frechetDistance() of diagonals is that of each dimension", () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.tuple(
          fc.double({ min: 0, max: 100, noNaN: true }),
          fc.double({ min: 0, max: 100, noNaN: true }),
          fc.double({ min: -9, max: 9, noNaN: true }),
        ),
        { minLength: 1, maxLength: 70 },
      ),
      async (dimensions) => {
        const found = await frechetDistance(
          gaussian(
            dimensions.map(() => 0),
            diagonal(dimensions.map(([a]) => a)),
          ),
          gaussian(
            dimensions.map(([, , shift]) => shift),
            diagonal(dimensions.map(([, b]) => b)),
          ),
        );
        const wanted = dimensions.reduce(
          (sum, [a, b, shift]) =>
            sum + (Math.sqrt(a) - Math.sqrt(b)) ** 2 + shift ** 2,
          0,
        );
        // A variance 1e-13 of the largest is nothing.
        assertClose([found], [wanted], 1e-4);
      },
    ),
    { numRuns: 12 },
  ));

Deno.test("frechetDistance() is real and 0 to itself for fewer samples than dimensions", async () => {
  for (const count of [2, 3, 10, 63]) {
    const self = gaussianOf(await momentsOf(randomFeatures(count, 64, count)));
    const other = gaussianOf(await momentsOf(randomFeatures(2, 64, "other")));
    assertClose([await frechetDistance(self, self)], [0], 1e-8);
    const distance = await frechetDistance(self, other);
    assert(distance > 1, `${distance}`);
    assertClose([distance], [await frechetDistance(other, self)], 1e-12);
  }
});

Deno.test("frechetDistance() grows with the square of any scale", async () => {
  const wanted = await frechetDistance(
    gaussianOf(await momentsOf(randomFeatures(40, 60, "a"))),
    gaussianOf(await momentsOf(randomFeatures(90, 60, "b"))),
  );
  for (const scale of [1e-120, 1e-9, 1e9, 1e120]) {
    const [a, b] = await Promise.all(
      [randomFeatures(40, 60, "a"), randomFeatures(90, 60, "b")].map(
        async (set) => {
          const data = Float64Array.from(set.data, (x) => scale * x);
          return gaussianOf(await momentsOf({ ...set, data }));
        },
      ),
    );
    const found = await frechetDistance(a, b) / scale / scale;
    assertClose([found / wanted], [1], 1e-9);
  }
});

Deno.test("frechetDistance() is the same on one thread as on two", async () => {
  const [a, b] = [200, 90].map((count) => randomFeatures(count, 150, count));
  const [one, two] = await Promise.all(
    [1, 2].map(async (threads) =>
      frechetDistance(
        gaussianOf(await momentsOf(a, { threads })),
        gaussianOf(await momentsOf(b, { threads })),
        { threads },
      )
    ),
  );
  assert.equal(one, two);
});

Deno.test("frechetDistance() refuses what are no statistics", async () => {
  const good = gaussian([0, 0], diagonal([1, 1]));
  const withData = (...data: number[]) =>
    gaussian([0, 0], { rows: 2, columns: 2, data: Float64Array.from(data) });
  const cases: [Gaussian, RegExp][] = [
    [gaussian([0], diagonal([1])), /means of 2 and 1 numbers/],
    [gaussian([0, 0], diagonal([1])), /mean of 2 and a matrix of 1x1/],
    [gaussian([0, NaN], diagonal([1, 1])), /not finite/],
    [withData(1, Infinity, Infinity, 1), /not finite/],
    [withData(1, 0.5, 0.4, 1), /0\.4 and 0\.5 on either side/],
    [withData(-1, 0, 0, 1), /the variance -1 at 0/],
  ];
  for (const [bad, message] of cases) {
    await assert.rejects(frechetDistance(good, bad), message);
  }
});

Deno.test("frechetBias() is the known one of equal variances", async () => {
  for (const width of [1, 64, 256]) {
    const found = await frechetBias(diagonal(Array(width).fill(1)), 1000);
    assertClose([found], [(width * (width + 1) / 4 + width) / 1000], 1e-13);
  }
});

Deno.test("frechetBias() is what samples show", async () => {
  const width = 24;
  const truth = gaussianOf(
    await momentsOf(randomFeatures(20_000, width, "truth")),
  );
  const count = 600;
  const distances = await Promise.all(
    Array.from({ length: 20 }, async (_, i) =>
      await frechetDistance(
        gaussianOf(await momentsOf(randomFeatures(count, width, "set", i))),
        truth,
      )),
  );
  const mean = distances.reduce((a, b) => a + b) / distances.length;
  const bias = await frechetBias(truth.covariance, count);
  assert(Math.abs(mean / bias - 1) < 0.15, `${mean}, foretold ${bias}`);
});
