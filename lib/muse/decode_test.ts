import assert from "node:assert/strict";
import fc from "fast-check";
import {
  decode,
  decodeStep,
  type Predict,
  type StepOptions,
} from "./decode.ts";
import {
  blankTokens,
  countOnes,
  type DecodeStart,
  type DecodeState,
  startDecode,
} from "./decode_state.ts";
import { CODES, tablePredict } from "./decode_table.ts";
import { maskedCounts, SCHEDULE_NAMES } from "./schedule.ts";

const LENGTH = 64;

const OPTIONS: StepOptions = {
  guidance: { kind: "linear", from: 0, to: 2 },
  temperature: 1,
  choiceTemperature: 2,
};

function start(changes: Partial<DecodeStart> = {}, batch = 1): DecodeState {
  const { length = LENGTH } = changes;
  return startDecode({
    tokens: blankTokens(batch, length, CODES),
    length,
    maskId: CODES,
    seed: 0,
    schedule: "cosine",
    steps: 12,
    ...changes,
  });
}

/** The states of a whole decode, the first one included. */
async function run(
  first: DecodeState,
  options = OPTIONS,
  predict: Predict = tablePredict(first.length).predict,
): Promise<DecodeState[]> {
  const states = [first];
  for await (const state of decode(first, predict, options)) states.push(state);
  return states;
}

const finalTokens = async (first: DecodeState, options = OPTIONS) =>
  (await run(first, options)).at(-1)!.tokens;

Deno.test("decode() finds these tokens, step by step", async () => {
  const print = ({ tokens, mask }: DecodeState) =>
    Array.from(tokens, (id, i) => mask[i] ? "." : id).join("");
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
  schedule: fc.constantFrom(...SCHEDULE_NAMES),
  seed: fc.integer({ min: 0, max: 1000 }),
  known: fc.double({ min: 0, max: 1, noNaN: true }),
  choiceTemperature: fc.constantFrom(0, 1, 4.5),
});

Deno.test("decode() never changes a known token and finds all others", async () => {
  await fc.assert(
    fc.asyncProperty(anyDecode, async ({ batch, known, ...rest }) => {
      const tokens = blankTokens(batch, rest.length, CODES)
        .map((id, i) => (i * 0.618) % 1 < known ? i % CODES : id);
      const states = await run(
        start({ ...rest, tokens }),
        { ...OPTIONS, choiceTemperature: rest.choiceTemperature },
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

Deno.test("decode() gives the network the guidance of each step", async () => {
  const { predict, calls } = tablePredict(LENGTH);
  const states = await run(start({ steps: 3 }, 2), OPTIONS, predict);
  const guidance = [0, 1, 2];
  assert.deepEqual(calls, guidance.map((guidance) => ({ batch: 2, guidance })));
  assert.deepEqual(states.slice(1).map((state) => state.guidance), guidance);
  assert.deepEqual(
    states.slice(1).map((state) => state.choiceTemperature),
    [2, 1, 0],
  );
  assert(states.slice(1).every(({ seconds }) => seconds > 0));
});

Deno.test("decode() passes the token temperature on", async () => {
  const greedy = { ...OPTIONS, temperature: 0, choiceTemperature: 0 };
  assert.deepEqual(
    await finalTokens(start({ seed: 1 }), greedy),
    await finalTokens(start({ seed: 2 }), greedy),
  );
  assert.notDeepEqual(
    await finalTokens(start({ seed: 1 })),
    await finalTokens(start({ seed: 2 })),
  );
});

Deno.test("decode() draws by these temperatures and this guidance in every step", async () => {
  const first = start({ length: 32, steps: 4, seed: 3 });
  const draw = async (changes: Partial<StepOptions>) =>
    (await finalTokens(first, { ...OPTIONS, ...changes })).join("");
  const temperature = { from: 2, to: 0.5 };
  assert.deepEqual(
    [
      await draw({ temperature }),
      await draw({ temperature: { steps: [2, 0.1, 1, 3] } }),
      await draw({ choiceTemperature: { from: 0, to: 9 } }),
      await draw({ guidance: { kind: "powerCosine", scale: 9, power: 3 } }),
      await draw({
        guidance: { kind: "interval", scale: 4, from: 0.5, to: 1 },
      }),
      await draw({ guidance: { kind: "list", scales: [0, 0, 5, 1] } }),
    ],
    [
      "99760490770796479701074797647976",
      "99907091336696489701790197647977",
      "90990490177707769733074590904076",
      "90760490777097499701074799901776",
      "90760197077797499701074799901376",
      "90760197067797599701074399904077",
    ],
  );
  const steps = [2, 1.5, 1, 0.5];
  assert.equal(
    await draw({ temperature: { steps } }),
    await draw({ temperature }),
  );
});

Deno.test("decode() passes top k and top p on", async () => {
  const first = start({ length: 32, steps: 4, seed: 3 });
  const draw = async (changes: Partial<StepOptions>) =>
    (await finalTokens(first, { ...OPTIONS, ...changes })).join("");
  assert.deepEqual(
    [
      await draw({}),
      await draw({ topK: 2 }),
      await draw({ topP: 0.8 }),
      await draw({ topK: 4, topP: 0.8 }),
    ],
    [
      "90760490777797499701074599904976",
      "97907097077077049770790199017776",
      "97760490777297269701074797647776",
      "97760490777297269701074799017776",
    ],
  );
  assert.equal(await draw({ topK: 1 }), await draw({ topP: 1e-9 }));
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
  const answers: [number[], number[], RegExp][] = [
    [[1, 2], [1, 1, 1], /step 1: the network gave 2 tokens and 3 prob/],
    [[1, 2, CODES], [1, 1, 1], /position 2 of picture 0 .* token 10 /],
    [[1, 2, 3], [1, NaN, 1], /position 1 .* probability NaN, .* weights/],
  ];
  for (const [ids, confidence, message] of answers) {
    const predict = () =>
      Promise.resolve({
        ids: Int32Array.from(ids),
        confidence: Float32Array.from(confidence),
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
    [{ seed: 0.5 }, /found the seed 0.5, wanted a whole number/],
    [{ seed: [1.5] }, /found the seed 1.5, wanted a whole number/],
    [{ seed: [1, 2] }, /found 2 seeds, wanted 1, one for each picture/],
    [{ steps: 0 }, /found 0 steps/],
  ];
  for (const [changes, message] of wrong) {
    assert.throws(() => start(changes), { name: "RangeError", message });
  }
});
