import assert from "node:assert/strict";
import fc from "fast-check";
import { decodeStep } from "./decode.ts";
import {
  finalTokens,
  LENGTH,
  OPTIONS,
  print,
  run,
  start,
} from "./decode_runs.ts";
import {
  blankTokens,
  countOnes,
  type DecodeStart,
  type DecodeState,
} from "./decode_state.ts";
import { CODES, tablePredict } from "./decode_table.ts";
import type { Sampler } from "./sampler.ts";
import { maskedCounts, type Schedule, SCHEDULE_NAMES } from "./schedule.ts";

Deno.test("decode() finds these tokens, step by step", async () => {
  const states = await run(start({ length: 32, steps: 6, seed: 42 }));
  assert.deepEqual(states.map(print), [
    "................................",
    "7.............................7.",
    "7...7.....9..........9........7.",
    "72..7..6..9..9....7..9.......77.",
    "72..7..6..909909.77.79.......77.",
    "72697.96..909909077.79099..9.77.",
    "72697096709099090770790990790772",
  ]);
});

Deno.test("decode() leaves as many tokens masked as the schedule says", async () => {
  const masked = async (length: number, steps: number) => {
    const states = await run(start({ length, steps }));
    return states.slice(1).flatMap((state) => countOnes(state.mask, length));
  };
  assert.deepEqual(
    await masked(256, 12),
    [253, 247, 236, 221, 203, 181, 155, 128, 97, 66, 33, 0],
  );
  assert.deepEqual(await masked(256, 24), maskedCounts("cosine", 256, 24));
  assert.deepEqual(await masked(4096, 8), maskedCounts("cosine", 4096, 8));
});

const anyDecode = fc.record({
  length: fc.integer({ min: 1, max: 40 }),
  batch: fc.integer({ min: 1, max: 3 }),
  steps: fc.integer({ min: 1, max: 20 }),
  schedule: fc.oneof(
    fc.constantFrom<Schedule>(...SCHEDULE_NAMES),
    fc.constant("explicit" as const),
  ),
  seed: fc.integer({ min: 0, max: 1000 }),
  known: fc.double({ min: 0, max: 1, noNaN: true }),
  choiceTemperature: fc.constantFrom(0, 1, 4.5),
  sampler: fc.constantFrom<Sampler>(
    { kind: "confidence" },
    { kind: "random" },
    { kind: "halton" },
    { kind: "hybrid", explore: 0.5 },
  ),
});

/** A schedule step by step that no formula gives. */
function explicitFractions(steps: number): number[] {
  return Array.from(
    { length: steps },
    (_, i) => i === steps - 1 ? 0 : (steps - i) / (steps + 1 + i % 2),
  ).sort((a, b) => b - a);
}

Deno.test("decode() never changes a known token and finds all others", async () => {
  await fc.assert(
    fc.asyncProperty(anyDecode, async ({ batch, known, ...rest }) => {
      const { choiceTemperature, sampler, steps } = rest;
      const schedule = rest.schedule === "explicit"
        ? { fractions: explicitFractions(steps) }
        : rest.schedule;
      const tokens = blankTokens(batch, rest.length, CODES)
        .map((id, i) => (i * 0.618) % 1 < known ? i % CODES : id);
      const states = await run(
        start({ ...rest, schedule, tokens, grid: [rest.length, 1] }),
        { ...OPTIONS, choiceTemperature, sampler },
      );
      assert.equal(states.length, rest.steps + 1);
      states.slice(1).forEach((state, i) => assertFollows(state, states[i]));
      assert(states.at(-1)!.tokens.every((id) => id >= 0 && id < CODES));
    }),
  );
});

/** Asserts what holds between a state and the one before it. */
function assertFollows(state: DecodeState, before: DecodeState): void {
  assert.equal(state.step, before.step + 1);
  state.plan.forEach((counts, picture) => {
    const masked = countOnes(state.mask, state.length)[picture];
    assert.equal(masked, counts[before.step]);
  });
  state.tokens.forEach((id, i) => {
    assert.equal(state.mask[i] === 1, id === CODES);
    assert.equal(state.chosen[i], before.mask[i] - state.mask[i]);
    if (before.mask[i] === 0) {
      assert.equal(id, before.tokens[i]);
      assert.equal(state.confidence[i], before.confidence[i]);
    }
    if (state.mask[i] === 0) assert.equal(state.predicted[i], id);
  });
}

Deno.test("decode() gives a picture the same tokens in any batch", async () => {
  const alone = await Promise.all(
    Array.from({ length: 8 }, (_, i) => finalTokens(start({ seed: 100 + i }))),
  );
  for (const batch of [1, 3, 8]) {
    const tokens = await finalTokens(start({ seed: 100 }, batch));
    alone.slice(0, batch).forEach((picture, i) =>
      assert.deepEqual(
        tokens.slice(i * LENGTH, (i + 1) * LENGTH),
        picture,
        `picture ${i} of ${batch}`,
      )
    );
  }
  assert.notDeepEqual(alone[0], alone[1]);
});

Deno.test("decode() keeps pictures apart that have different tokens to find", async () => {
  const known = (count: number) =>
    blankTokens(1, LENGTH, CODES).map((id, i) => i < count ? 3 : id);
  const pictures = [known(0), known(LENGTH - 3), known(LENGTH)];
  const together = await run(start({
    tokens: Int32Array.from(pictures.flatMap((tokens) => [...tokens])),
  }));
  for (const [i, tokens] of pictures.entries()) {
    const alone = await run(start({ tokens, seed: i }));
    together.forEach((state, step) => {
      for (const name of ["tokens", "predicted", "confidence"] as const) {
        assert.deepEqual(
          state[name].slice(i * LENGTH, (i + 1) * LENGTH),
          alone[step][name],
          `${name} of picture ${i} after step ${step}`,
        );
      }
    });
  }
});

Deno.test("decode() asks the network for no step that finds nothing", async () => {
  const { predict, calls } = tablePredict(3);
  const states = await run(start({ length: 3, steps: 8 }), OPTIONS, predict);
  assert.equal(states.length, 9);
  assert.equal(calls.length, 3);
  assert.equal(calls.at(-1)!.guidance, 2);
  const idle = states[5];
  assert.deepEqual([...idle.chosen], [0, 0, 0]);
  assert.equal(idle.seconds, 0);
});

Deno.test("decode() goes on from any state", async () => {
  const states = await run(start());
  const again = await run(states[7]);
  assert.deepEqual(again.at(-1)!.tokens, states.at(-1)!.tokens);
});

Deno.test("decodeStep() leaves the state it is given alone", async () => {
  const first = start();
  const copy = structuredClone(first);
  await decodeStep(first, tablePredict(LENGTH).predict, OPTIONS);
  assert.deepEqual(first, copy);
});

Deno.test("decodeStep() refuses a step after the last, and options out of range", async () => {
  const { predict } = tablePredict(LENGTH);
  const last = (await run(start({ steps: 2 }))).at(-1)!;
  await assert.rejects(
    decodeStep(last, predict, OPTIONS),
    /all 2 steps are done; start with more steps/,
  );
  const bad = { ...OPTIONS, temperature: -1 };
  await assert.rejects(
    decodeStep(start(), predict, bad),
    /step 1: found the temperature -1, .* at least 0/,
  );
});

Deno.test("decodeStep() says what is wrong with a network's answer", async () => {
  const answers: [number[], number[], RegExp, number[]?][] = [
    [[1, 2], [1, 1, 1], /step 1: the network gave 2 tokens and 3 prob/],
    [[1, 2, CODES], [1, 1, 1], /position 2 of picture 0 .* token 10 /],
    [[1, 2, 3], [1, NaN, 1], /position 1 .* probability NaN, .* weights/],
    [[1, 2, 3], [1, 1, 1], /and 2 scores, wanted 3 of each/, [4, -4]],
    [[1, 2, 3], [1, 1, 1], /position 2 .* score NaN, .* weights/, [4, -4, NaN]],
  ];
  for (const [ids, confidence, message, scores] of answers) {
    const predict = () =>
      Promise.resolve({
        ids: Int32Array.from(ids),
        confidence: Float32Array.from(confidence),
        ...(scores && { scores: Float32Array.from(scores) }),
      });
    const first = start({ length: 3 });
    await assert.rejects(decodeStep(first, predict, OPTIONS), message);
  }
});

Deno.test("startDecode() keeps a copy of the tokens", () => {
  const tokens = blankTokens(1, LENGTH, CODES);
  const { tokens: kept, predicted } = start({ tokens });
  tokens[0] = 0;
  assert.deepEqual([kept[0], predicted[0]], [CODES, CODES]);
});

Deno.test("startDecode() refuses what is no start", () => {
  const wrong: [Partial<DecodeStart>, RegExp][] = [
    [{ tokens: new Int32Array(65) }, /found 65 tokens, wanted pictures of 64/],
    [{ tokens: new Int32Array(0) }, /found 0 tokens/],
    [
      { tokens: new Int32Array(64).fill(11) },
      /found the token 11, wanted codes from 0 to 9, or 10 where/,
    ],
    [{ maskId: 0 }, /found the mask id 0, wanted the number of codes/],
    [{ maskId: 1.5 }, /found the mask id 1\.5, wanted/],
    [{ maskId: undefined }, /found the mask id undefined, wanted/],
    [{ seed: 0.5 }, /found the seed 0.5, wanted a whole number/],
    [{ seed: [1.5] }, /found the seed 1.5, wanted a whole number/],
    [{ seed: [1, 2] }, /found 2 seeds, wanted 1, one for each picture/],
    [{ steps: 0 }, /found 0 steps/],
    [{ grid: [8, 9] }, /found a grid of 8 x 9, wanted one of 64 tokens/],
    [{ grid: [6.4, 10] }, /found a grid of 6.4 x 10/],
    [{ grid: [-8, -8] }, /found a grid of -8 x -8/],
  ];
  for (const [changes, message] of wrong) {
    assert.throws(() => start(changes), { name: "RangeError", message });
  }
});
