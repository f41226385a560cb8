import assert from "node:assert/strict";
import fc from "fast-check";
import type { PredictRequest } from "./decode.ts";
import { CODES, tablePredict } from "./decode_table.ts";
import {
  resample,
  type ResampleOptions,
  type ResampleState,
} from "./resample.ts";

const LENGTH = 25;
const OPTIONS: ResampleOptions = {
  iterations: 4,
  share: 0.2,
  guidance: { kind: "constant", scale: 1 },
  temperature: 1,
};

/** Known tokens of some pictures. */
const known = (batch = 1): Int32Array =>
  Int32Array.from({ length: batch * LENGTH }, (_, i) => i * 7 % CODES);

async function run(
  tokens: Int32Array,
  options: Partial<ResampleOptions> = {},
  seed: number | readonly number[] = 3,
): Promise<ResampleState[]> {
  const { predict } = tablePredict(LENGTH);
  const start = { tokens, length: LENGTH, maskId: CODES, seed };
  const states = [];
  for await (
    const state of resample(start, predict, { ...OPTIONS, ...options })
  ) states.push(state);
  return states;
}

const digits = (tokens: Int32Array) => [...tokens].join("");

Deno.test("resample() draws these tokens, iteration by iteration", async () => {
  const states = await run(known());
  assert.equal(digits(known()), "0741852963074185296307418");
  assert.deepEqual(states.map(({ tokens }) => digits(tokens)), [
    "9741855963074785266307417",
    "7741855163074705166407417",
    "7741355163674705566407667",
    "7747355163670705566407662",
  ]);
  const [{ resampled, confidence }] = states;
  resampled.forEach((bit, i) => assert.equal(confidence[i] < 1, bit === 1));
});

Deno.test("resample() draws the share of the tokens each time, and no other", async () => {
  const anyRun = fc.record({
    batch: fc.integer({ min: 1, max: 3 }),
    share: fc.double({ min: 0.001, max: 1, noNaN: true }),
    iterations: fc.integer({ min: 1, max: 6 }),
    seed: fc.integer({ min: 0, max: 99 }),
  });
  await fc.assert(
    fc.asyncProperty(anyRun, async ({ batch, seed, ...options }) => {
      let before = known(batch);
      let confidence = new Float32Array(before.length).fill(1);
      const count = Math.max(1, Math.round(options.share * LENGTH));
      const states = await run(before, options, seed);
      assert.equal(states.length, options.iterations);
      states.forEach(({ tokens, resampled, iteration, ...state }, i) => {
        assert.equal(iteration, i + 1);
        state.confidence.forEach((p, at) => {
          assert.ok(p > 0 && p <= 1);
          assert.ok(resampled[at] || p === confidence[at]);
        });
        tokens.forEach((id, at) => {
          assert.ok(id >= 0 && id < CODES);
          assert.ok(resampled[at] || id === before[at]);
        });
        for (let picture = 0; picture < batch; picture++) {
          const row = resampled.subarray(
            picture * LENGTH,
            (picture + 1) * LENGTH,
          );
          assert.equal(row.reduce((sum, bit) => sum + bit, 0), count);
        }
        before = tokens;
        confidence = Float32Array.from(state.confidence);
      });
    }),
    { numRuns: 50 },
  );
});

Deno.test("resample() draws other places and other tokens in every iteration", async () => {
  const states = await run(known(), { share: 0.4 });
  const masks = new Set(states.map(({ resampled }) => resampled.join("")));
  assert.equal(masks.size, states.length);
  const all = await run(known(), { share: 1 });
  assert.equal(new Set(all.map(({ tokens }) => digits(tokens))).size, 4);
});

Deno.test("resample() draws a picture by its seed, in any batch", async () => {
  const both = (await run(known(2), {}, [8, 3])).at(-1)!;
  const one = (await run(known(2).subarray(LENGTH), {}, 3)).at(-1)!;
  assert.deepEqual(both.tokens.slice(LENGTH), one.tokens);
  const next = (await run(known(2), {}, 7)).at(-1)!;
  assert.deepEqual(
    next.tokens.slice(0, LENGTH),
    (await run(known(), {}, 7)).at(-1)!.tokens,
  );
});

Deno.test("resample() asks for what each iteration is to be drawn with", async () => {
  const { predict } = tablePredict(LENGTH);
  const requests: PredictRequest[] = [];
  const start = { tokens: known(), length: LENGTH, maskId: CODES, seed: 1 };
  const states = resample(start, (tokens, request) => {
    assert.equal(tokens.filter((id) => id === CODES).length, 5);
    requests.push(request);
    return predict(tokens, request);
  }, {
    ...OPTIONS,
    iterations: 3,
    guidance: { kind: "linear", from: 0, to: 4 },
    temperature: { steps: [2, 1, 0.5] },
    topK: 3,
    topP: 0.9,
  });
  const scales = [];
  for await (const { guidance } of states) scales.push(guidance);
  assert.deepEqual(scales, [0, 2, 4]);
  assert.deepEqual(
    requests.map(({ guidance, temperature, topK, topP }) => [
      ...[guidance, temperature, topK, topP],
    ]),
    [[0, 2, 3, 0.9], [2, 1, 3, 0.9], [4, 0.5, 3, 0.9]],
  );
});

Deno.test("resample() refuses options out of range", async () => {
  const wrong: [Partial<ResampleOptions>, RegExp][] = [
    [{ iterations: 0 }, /found 0 iterations, wanted a whole number of at lea/],
    [{ iterations: 1.5 }, /found 1.5 iterations/],
    [{ share: 0 }, /found the share 0 of them, wanted a number above 0/],
    [{ share: 1.1 }, /found the share 1.1/],
    [{ share: NaN }, /found the share NaN/],
    [{ topK: 0 }, /found the top k 0/],
    [{ temperature: { steps: [1] } }, /found 1 of them for 4 steps/],
  ];
  for (const [options, message] of wrong) {
    await assert.rejects(run(known(), options), {
      name: "RangeError",
      message,
    });
  }
  await assert.rejects(run(known(), {}, [1, 2]), /found 2 seeds, wanted 1/);
  await assert.rejects(
    run(Int32Array.of(1, 2)),
    /Cannot/,
  );
});

Deno.test("resample() refuses tokens that are no codes", async () => {
  for (const odd of [CODES, CODES + 1, -1]) {
    await assert.rejects(run(known().with(3, odd)), {
      name: "RangeError",
      message: /found the id -?\d+.*, wanted codes from 0 to 9; find the unkno/,
    });
  }
});
