import assert from "node:assert/strict";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createRng } from "../run/random.ts";
import { tf } from "../run/tf.ts";
import * as arrays from "./decode.ts";
import { blankTokens as blankArray, startDecode } from "./decode_state.ts";
import { CODES, tablePredict } from "./decode_table.ts";
import * as tensors from "./tensors.ts";

const OPTIONS: arrays.StepOptions = {
  guidance: { kind: "constant", scale: 1 },
  temperature: 1,
  choiceTemperature: 1,
};

function start(batch: number, length: number, steps: number) {
  const tokens = tensors.blankTokens(batch, length, CODES);
  const rest = { maskId: CODES, seed: 5, schedule: "cosine", steps } as const;
  const state = tensors.startDecode({ tokens, ...rest });
  tokens.dispose();
  return state;
}

Deno.test("decode() of tensors gives what decode() of arrays gives", async () => {
  const first = startDecode({
    tokens: blankArray(2, 20, CODES),
    length: 20,
    maskId: CODES,
    seed: 5,
    schedule: "cosine",
    steps: 4,
  });
  const { predict } = tablePredict(20);
  const wanted = [];
  for await (const state of arrays.decode(first, predict, OPTIONS)) {
    wanted.push({ ...state, seconds: 0 });
  }
  const found = [];
  for await (
    const state of tensors.decode(start(2, 20, 4), predict, OPTIONS)
  ) {
    assert.deepEqual(state.tokens.shape, [2, 20]);
    assert.deepEqual(
      [state.tokens, state.mask, state.chosen, state.predicted].map((t) =>
        t.dtype
      ),
      ["int32", "bool", "bool", "int32"],
    );
    assert.equal(state.confidence.dtype, "float32");
    found.push({ ...tensors.stateArrays(state), seconds: 0 });
  }
  assert.deepEqual(found, wanted);
});

Deno.test("decodeStep() of tensors steps as decode() does", async () => {
  const { predict } = tablePredict(12);
  let state = start(1, 12, 3);
  for await (const next of tensors.decode(state, predict, OPTIONS)) {
    state = await tensors.decodeStep(state, predict, OPTIONS);
    assert.deepEqual(state.tokens.arraySync(), next.tokens.arraySync());
  }
  assert.equal(state.step, 3);
});

Deno.test("decode() of tensors makes no tensors but those it yields", async () => {
  const { predict } = tablePredict(20);
  const before = tf.memory().numTensors;
  for (let i = 0; i < 100; i++) {
    const first = start(2, 20, 4);
    for await (const state of tensors.decode(first, predict, OPTIONS)) {
      assert.equal(tf.memory().numTensors, before + 14);
      tensors.disposeState(state);
    }
    tensors.disposeState(first);
    assert.equal(tf.memory().numTensors, before);
  }
});

Deno.test("decode() of tensors leaves nothing to hold memory, disposed of or not", async () => {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  const [batch, length] = [2, 4096];
  const predict: arrays.Predict = (tokens) =>
    Promise.resolve({
      ids: new Int32Array(tokens.length),
      confidence: new Float32Array(tokens.length),
    });
  const used = async () => {
    await new Promise((resolve) => setTimeout(resolve));
    collect();
    return Deno.memoryUsage().external;
  };
  const before = await used();
  for (let i = 0; i < 100; i++) {
    const first = start(batch, length, 1);
    for await (const _ of tensors.decode(first, predict, OPTIONS));
  }
  // The two states of one decode hold 14 bytes a token: 23 MB in all.
  const grown = await used() - before;
  assert(grown < 5e6, `${grown} bytes more after 100 decodes`);
});

Deno.test("maskTokens() of tensors hides the same share of each picture", () => {
  const tokens = tf.fill([3, 50], 4, "int32") as tf.Tensor2D;
  const masked = tensors.maskTokens(tokens, 0.3, createRng(1), CODES);
  assert.deepEqual(masked.mask.sum(1).arraySync(), [15, 15, 15]);
  const wanted = tf.where(masked.mask, CODES, tokens);
  assert.deepEqual(masked.tokens.arraySync(), wanted.arraySync());
  assert.deepEqual(tokens.max().arraySync(), 4);
  const [first, second] = masked.mask.arraySync();
  assert.notDeepEqual(first, second);
});

Deno.test("startDecode() of tensors wants tokens of type int32", () => {
  const tokens = tf.zeros([1, 4]) as tf.Tensor2D;
  const rest = { maskId: 9, seed: 0, schedule: "linear", steps: 2 } as const;
  assert.throws(
    () => tensors.startDecode({ tokens, ...rest }),
    /found float32\[1,4\], wanted int32\[B,N\]/,
  );
  const state = tensors.startDecode({ tokens: tokens.toInt(), ...rest });
  assert.equal(state.length, 4);
  assert.equal(tf.sum(state.mask).arraySync(), 0);
});
