import assert from "node:assert/strict";
import fc from "fast-check";
import { finalTokens, OPTIONS, print, run, start } from "./decode_runs.ts";
import { blankTokens, countOnes, type DecodeState } from "./decode_state.ts";
import { CODES } from "./decode_table.ts";
import { type Remask, REMASK_NAMES, remaskOf } from "./remask.ts";

Deno.test("remaskOf() hides the rate's share of what was found, in the mean", () => {
  const found = Uint8Array.from({ length: 30 }, (_, i) => i % 3 ? 1 : 0);
  for (const kind of REMASK_NAMES) {
    let sum = 0;
    for (let seed = 0; seed < 2000; seed++) {
      const { count } = remaskOf({ kind, rate: 0.17 }, found, 30, seed, 1);
      assert(count === 3 || count === 4);
      sum += count;
    }
    assert(Math.abs(sum / 2000 - 0.17 * 20) < 0.05, `${sum / 2000}`);
  }
});

Deno.test("remaskOf() hides no more than the schedule leaves masked", () => {
  const found = new Uint8Array(30).fill(1);
  for (const left of [0, 1, 7]) {
    const { count, choose } = remaskOf(
      { kind: "cap", rate: 1 },
      found,
      left,
      0,
      1,
    );
    assert.equal(count, left);
    const hidden = choose(new Float32Array(30));
    assert.equal(hidden.reduce((sum, bit) => sum + bit, 0), left);
  }
});

/** How often each of two tokens is the one that is hidden. */
function hiddenShare(kind: Remask["kind"], confidence: readonly number[]) {
  const found = new Uint8Array(2).fill(1);
  const draws = 4000;
  let first = 0;
  for (let seed = 0; seed < draws; seed++) {
    const { choose } = remaskOf({ kind, rate: 0.5 }, found, 2, seed, 1);
    first += choose(Float32Array.from(confidence))[0];
  }
  return first / draws;
}

Deno.test("remaskOf() by confidence hides by the weights exp(-p)", () => {
  const [unsure, sure] = [Math.exp(-0.1), Math.exp(-0.9)];
  const wanted = unsure / (unsure + sure);
  const share = hiddenShare("confidence", [0.1, 0.9]);
  assert(Math.abs(share - wanted) < 0.025, `${share}, wanted ${wanted}`);
  const even = hiddenShare("cap", [0.1, 0.9]);
  assert(Math.abs(even - 0.5) < 0.025, `${even}`);
});

Deno.test("decode() finds these tokens while it hides some again", async () => {
  const shown = [];
  for (const kind of REMASK_NAMES) {
    const first = start({ length: 24, steps: 5, seed: 42 });
    const options = { ...OPTIONS, remask: { kind, rate: 0.3 } };
    shown.push((await run(first, options)).slice(1).map(print));
  }
  assert.deepEqual(shown, [
    [
      "........9.......9.......",
      "9.......9.9.....9.3.....",
      "90......90....79903.9...",
      "9017..97904.97.9.032..77",
      "901700979047972900326977",
    ],
    [
      "........9.......9.......",
      "9.......9.9.....9.3.....",
      "90......909...79.03.9...",
      "90.7..9790.097.900.29.77",
      "904700979010972900129077",
    ],
  ]);
});

const anyRemask = fc.record({
  kind: fc.constantFrom(...REMASK_NAMES),
  rate: fc.double({ min: 0, max: 1, noNaN: true }),
});

Deno.test("decode() with re-masking keeps what was given and the schedule's counts", async () => {
  const any = fc.record({
    length: fc.integer({ min: 1, max: 40 }),
    batch: fc.integer({ min: 1, max: 3 }),
    steps: fc.integer({ min: 1, max: 20 }),
    seed: fc.integer({ min: 0, max: 1000 }),
    known: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  await fc.assert(
    fc.asyncProperty(
      any,
      anyRemask,
      async ({ batch, known, ...rest }, remask) => {
        const tokens = blankTokens(batch, rest.length, CODES)
          .map((id, i) => (i * 0.618) % 1 < known ? i % CODES : id);
        const first = start({ ...rest, tokens });
        const states = await run(first, { ...OPTIONS, remask });
        states.slice(1).forEach((state, i) => assertFollows(state, states[i]));
        assert(states.at(-1)!.tokens.every((id) => id >= 0 && id < CODES));
        first.given.forEach((bit, i) => {
          assert.equal(bit === 1, tokens[i] !== CODES);
          if (bit) {
            assert(states.every((state) => state.tokens[i] === tokens[i]));
          }
        });
      },
    ),
  );
});

/** Asserts what holds between a state and the one before it. */
function assertFollows(state: DecodeState, before: DecodeState): void {
  state.plan.forEach((counts, picture) => {
    const masked = countOnes(state.mask, state.length)[picture];
    assert.equal(masked, counts[before.step]);
  });
  state.mask.forEach((bit, i) => {
    assert.equal(bit === 1, state.tokens[i] === CODES);
    assert.equal(bit, before.mask[i] - state.chosen[i] + state.remasked[i]);
    if (state.remasked[i]) assert.equal(before.mask[i] + before.given[i], 0);
    if (!before.mask[i]) assert.equal(state.predicted[i], before.predicted[i]);
  });
}

Deno.test("decode() with re-masking changes what was found, and a rate of 0 nothing", async () => {
  const first = start({ seed: 5 });
  const draw = (remask?: Remask) => finalTokens(first, { ...OPTIONS, remask });
  const plain = await draw();
  for (const kind of REMASK_NAMES) {
    assert.deepEqual(await draw({ kind, rate: 0 }), plain);
    assert.notDeepEqual(await draw({ kind, rate: 0.2 }), plain);
  }
  const states = await run(first, {
    ...OPTIONS,
    remask: { kind: "cap", rate: 0.2 },
  });
  const hidden = states.map(({ remasked }) => countOnes(remasked, 64)[0]);
  assert.equal(hidden[1], 0, "nothing is found before the first step");
  assert.equal(hidden.at(-1), 0);
  assert(hidden.slice(4, -1).every((count) => count > 0), `${hidden}`);
});

Deno.test("decode() with re-masking gives a picture the same tokens in any batch", async () => {
  const options = {
    ...OPTIONS,
    remask: { kind: "confidence", rate: 0.2 } as const,
  };
  const together = await finalTokens(start({ seed: 100 }, 3), options);
  for (let i = 0; i < 3; i++) {
    const alone = await finalTokens(start({ seed: 100 + i }), options);
    assert.deepEqual(together.slice(i * 64, (i + 1) * 64), alone);
  }
});
