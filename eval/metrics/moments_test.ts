import assert from "node:assert/strict";
import fc from "fast-check";
import { assertClose } from "../../lib/run/assert_close.ts";
import { type Features, pickRows, sliceRows } from "./features.ts";
import {
  gaussianOf,
  mergeMoments,
  type Moments,
  momentsOf,
} from "./moments.ts";
import { numpyPermutations } from "./permutation.ts";
import { randomFeatures } from "./random_features.ts";

function assertSame(found: Moments, wanted: Moments): void {
  assert.equal(found.count, wanted.count);
  assertClose(found.mean, wanted.mean, 1e-13);
  assertClose(found.scatter.data, wanted.scatter.data, 1e-13);
}

/** As far from zero as features get, so that cancelling would show. */
function shifted(features: Features): Features {
  return { ...features, data: features.data.map((x) => x + 500) };
}

Deno.test("momentsOf() gives mean and covariance", async () => {
  const data = Float32Array.of(1, 2, 3, 6, 5, 4);
  const moments = await momentsOf({ count: 3, width: 2, data });
  const { mean, covariance, count } = gaussianOf(moments);
  assert.deepEqual([...mean], [3, 4]);
  assert.deepEqual([...covariance.data], [4, 2, 2, 4]);
  assert.equal(count, 3);
  const ofAll = gaussianOf(moments, 0).covariance.data;
  assertClose(ofAll, [8 / 3, 4 / 3, 4 / 3, 8 / 3], 1e-15);
});

Deno.test("momentsOf() doesn't depend on order, batches or threads", async () => {
  const features = shifted(randomFeatures(2500, 20, "moments"));
  const wanted = await momentsOf(features);
  assert.deepEqual(await momentsOf(features, { threads: 1 }), wanted);
  const shuffled = pickRows(features, numpyPermutations(1)(2500));
  assertSame(await momentsOf(shuffled), wanted);
  for (const [size, count] of [[1, 8], [7, 50], [600, 2500]]) {
    const some = sliceRows(features, 0, count);
    let merged = await momentsOf(sliceRows(some, 0, 0));
    for (let start = 0; start < count; start += size) {
      const batch = sliceRows(some, start, start + size);
      merged = mergeMoments(merged, await momentsOf(batch));
    }
    assertSame(merged, await momentsOf(some));
  }
});

Deno.test("mergeMoments() gives the same however shards are cut and ordered", () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 3 }),
      fc.boolean(),
      async (cuts, backwards) => {
        const features = shifted(randomFeatures(60, 5, "shards"));
        const bounds = [0, ...cuts.sort((a, b) => a - b), 60];
        const shards = await Promise.all(
          cuts.concat(60).map((_, i) =>
            momentsOf(sliceRows(features, bounds[i], bounds[i + 1]))
          ),
        );
        if (backwards) shards.reverse();
        assertSame(shards.reduce(mergeMoments), await momentsOf(features));
      },
    ),
    { numRuns: 10 },
  ));

Deno.test("momentsOf() and gaussianOf() refuse what has no statistics", async () => {
  const data = Float32Array.of(1, 2, 3, NaN);
  await assert.rejects(
    momentsOf({ count: 2, width: 2, data }),
    /number 1 of sample 1 is NaN/,
  );
  await assert.rejects(
    momentsOf({ count: 3, width: 2, data }),
    /found 4 numbers, wanted those of 3 samples with 2 each/,
  );
  const one = await momentsOf({
    count: 1,
    width: 2,
    data: data.subarray(0, 2),
  });
  assert.throws(() => gaussianOf(one), /found 1 samples, wanted at least 2/);
  const other = await momentsOf({
    count: 2,
    width: 1,
    data: data.subarray(0, 2),
  });
  assert.throws(() => mergeMoments(one, other), /features of 2 and 1 numbers/);
});
