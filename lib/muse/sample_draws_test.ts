import assert from "node:assert/strict";
import fc from "fast-check";
import { assertClose } from "../run/assert_close.ts";
import { createRng } from "../run/random.ts";
import {
  ALMOST_ONE,
  feeds,
  normals,
  sampleRow,
  UNGUIDED,
  withSampler,
} from "./sample_reference.ts";

const TOP = { guided: false, truncated: true };

Deno.test("sampleTokens() never reaches K, not even by the last uniform", async () => {
  const tokens = 32;
  const uniforms = new Float32Array(tokens).fill(ALMOST_ONE);
  for (const [codes, topK] of [[1024], [8192], [7], [64, 5], [64, 64]]) {
    const unit = normals(tokens * codes, 1, createRng("edge", codes));
    const options = { guided: false, truncated: topK !== undefined };
    await withSampler(tokens, codes, options, async (run) => {
      for (const scale of [0, 1e-3, 1, 30]) {
        const logits = unit.map((x) => scale * x);
        for (const temperature of [1e-6, 0.5, 1, 100]) {
          const top = { topK, topP: topK === codes ? ALMOST_ONE : 1 };
          const fed = feeds(logits, uniforms, temperature, 0, top);
          const { ids, confidence } = await run(fed);
          assert(ids.every((id) => id >= 0 && id < codes));
          assert(confidence.every((p) => p >= 0 && p <= 1));
          if (topK && scale > 0) assertAmongTop(ids, logits, codes, topK);
        }
      }
    });
  }
});

function assertAmongTop(
  ids: Int32Array,
  logits: Float32Array,
  codes: number,
  k: number,
): void {
  ids.forEach((id, row) => {
    const own = logits.subarray(row * codes, (row + 1) * codes);
    const better = own.filter((x) => x > own[id]).length;
    assert(better < k, `row ${row}: ${better} codes are likelier than ${id}`);
  });
}

Deno.test("sampleTokens() keeps to a block whose sums round differently", async () => {
  // Most weight is in the first of 32 blocks, and the uniforms are all those
  // about its end, where the sum of the block and the running sum within it
  // may disagree.
  const [codes, size, tokens] = [1024, 32, 64];
  await withSampler(tokens, codes, UNGUIDED, async (run) => {
    for (let seed = 0; seed < 10; seed++) {
      const row = normals(codes, 1, createRng("block", seed))
        .map((x, code) => code < size ? x + 9 : x);
      const { confidence } = sampleRow([...row], 0, 1);
      const end = confidence.slice(0, size).reduce((a, b) => a + b);
      const found = await run(feeds(
        new Float32Array(tokens * codes).map((_, i) => row[i % codes]),
        new Float32Array(tokens).map((_, i) => end + (i - 32) * 2 ** -24),
      ));
      const ratio = found.confidence.map((p, i) =>
        p / confidence[found.ids[i]]
      );
      assertClose(ratio, new Float32Array(tokens).fill(1), 1e-4);
    }
  });
});

Deno.test("sampleTokens() draws from the top k alone, by any uniform", async () => {
  await withSampler(1, 30, TOP, async (run) => {
    const uniform = fc.oneof(
      fc.constantFrom(0, ALMOST_ONE),
      fc.float({ min: 0, max: Math.fround(ALMOST_ONE), noNaN: true }),
    );
    const seed = fc.integer();
    await fc.assert(
      fc.asyncProperty(uniform, seed, async (u, seed) => {
        const logits = normals(30, 3, createRng(seed));
        const fed = feeds(logits, Float32Array.of(u), 1, 0, { topK: 4 });
        const { ids } = await run(fed);
        assertAmongTop(ids, logits, 30, 4);
      }),
      { numRuns: 300 },
    );
  });
});

Deno.test("sampleTokens() draws from the top p alone, by any uniform", async () => {
  await withSampler(1, 30, TOP, async (run) => {
    const share = fc.double({ min: 0.01, max: 0.99, noNaN: true });
    await fc.assert(
      fc.asyncProperty(share, fc.integer(), async (topP, seed) => {
        const logits = normals(30, 3, createRng(seed));
        const last = Float32Array.of(ALMOST_ONE);
        const { ids } = await run(feeds(logits, last, 1, 0, { topP }));
        const { confidence } = sampleRow([...logits], 0, 1);
        const better = confidence.filter((p) => p > confidence[ids[0]]);
        const share = better.reduce((a, b) => a + b, 0);
        assert(share < topP + 1e-5, `${share} without it, of ${topP}`);
      }),
      { numRuns: 300 },
    );
  });
});

Deno.test("sampleTokens() draws the codes as often as they should be", async () => {
  const [tokens, codes] = [20_000, 8];
  const rng = createRng("chi-square");
  const row = normals(codes, 1, rng);
  const logits = new Float32Array(tokens * codes).map((_, i) => row[i % codes]);
  const sorted = row.toSorted((a, b) => b - a);
  const runs: [number, number | undefined][] = [
    [1, undefined],
    [0.5, undefined],
    [3, undefined],
    [1, 4],
  ];
  for (const [temperature, topK] of runs) {
    const options = { guided: false, truncated: topK !== undefined };
    await withSampler(tokens, codes, options, async (run) => {
      const uniforms = rng.fill(new Float32Array(tokens));
      const { ids } = await run(
        feeds(logits, uniforms, temperature, 0, { topK }),
      );
      const least = sorted[(topK ?? codes) - 1];
      assertAsOften(
        ids,
        row.map((x) => x >= least ? Math.exp(x / temperature) : 0),
      );
    });
  }
});

/** Compares how often each of the codes was drawn with their weights. */
function assertAsOften(ids: Int32Array, weights: Float32Array): void {
  const total = weights.reduce((a, b) => a + b);
  const counts = new Float64Array(weights.length);
  for (const id of ids) counts[id]++;
  let chiSquare = 0;
  weights.forEach((weight, code) => {
    const expected = ids.length * weight / total;
    if (weight === 0) return assert.equal(counts[code], 0);
    chiSquare += (counts[code] - expected) ** 2 / expected;
  });
  // 7 degrees of freedom and p = 0.001; fewer where some weigh nothing.
  assert(chiSquare < 24.3, `chi-square ${chiSquare} of ${weights}`);
}
