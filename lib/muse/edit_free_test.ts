import assert from "node:assert/strict";
import { editMaskFree } from "./edit_free.ts";
import { FREE_EDIT_DEFAULTS } from "./edit_options.ts";
import { SIDE, somePicture, tableMuse } from "./edit_table.ts";
import { tokensOf } from "./edit_tokens.ts";
import { tokensToPictures } from "./pipeline.ts";
import { resample, type ResampleState } from "./resample.ts";

const QUICK = { iterations: 6, seed: 5 } as const;

Deno.test("editMaskFree() resamples the tokens of the picture", async () => {
  const { muse } = tableMuse();
  const picture = somePicture(SIDE, SIDE);
  const states: ResampleState[] = [];
  const edited = await editMaskFree(
    ...[muse, picture, ["a", "b"], QUICK] as const,
    (state) => states.push(state),
  );
  const [given] = [await tokensOf(muse.tokenizer, [picture, picture])];
  const wanted = [];
  const predict = await muse.base.predictor({
    states: new Float32Array(8),
    mask: new Float32Array(8),
  });
  const start = { tokens: given, length: 64, maskId: 10, seed: 5 };
  const options = { ...FREE_EDIT_DEFAULTS, ...QUICK };
  for await (const state of resample(start, predict, options)) {
    wanted.push(state.tokens);
  }
  assert.deepEqual(states.map(({ tokens }) => tokens), wanted);
  assert.deepEqual(edited.tokens, wanted.at(-1));
  assert.deepEqual(
    edited.pictures,
    await tokensToPictures(muse.tokenizer, edited.tokens),
  );
  assert.deepEqual(edited.kept, []);
});

Deno.test("editMaskFree() has the paper's settings by default", async () => {
  const { muse, calls } = tableMuse();
  const states: ResampleState[] = [];
  const picture = somePicture(SIDE, SIDE);
  await editMaskFree(muse, picture, ["a"], { topK: undefined }, (state) => {
    states.push(state);
  });
  assert.equal(states.length, 100);
  assert.ok(calls.every(({ guidance }) => guidance === 4));
  for (const { resampled } of states) {
    // 8% of 64 tokens
    assert.equal(resampled.reduce((sum, bit) => sum + bit, 0), 5);
  }
  assert.equal(FREE_EDIT_DEFAULTS.topK, 3);
});

Deno.test("editMaskFree() keeps the pictures of earlier iterations", async () => {
  const { muse } = tableMuse();
  const picture = somePicture(12, 20);
  const states: ResampleState[] = [];
  const edited = await editMaskFree(
    ...[muse, picture, ["a", "b"], { ...QUICK, keepEvery: 2 }] as const,
    (state) => states.push(state),
  );
  assert.deepEqual(edited.kept.map(({ iteration }) => iteration), [2, 4]);
  // An edit that ends there draws the same.
  const short = { ...QUICK, iterations: 4 };
  const ended = await editMaskFree(muse, picture, ["a", "b"], short);
  assert.deepEqual(edited.kept[1].pictures, ended.pictures);
  for (const { width, height } of [...ended.pictures, ...edited.pictures]) {
    assert.deepEqual([width, height], [12, 20]);
  }
});

Deno.test("editMaskFree() refuses options out of range before it begins", async () => {
  const { muse, calls } = tableMuse();
  const picture = somePicture(8, 8);
  const wrong = [
    [{ keepEvery: 0 }, /pictures of every 0 iterations/],
    [{ keepEvery: 2.5 }, /pictures of every 2.5 iterations/],
    [{ share: 2 }, /found the share 2/],
    [{ seed: [1, 2] }, /found 2 seeds, wanted 1/],
  ] as const;
  for (const [options, message] of wrong) {
    await assert.rejects(editMaskFree(muse, picture, ["a"], options), {
      name: "RangeError",
      message,
    });
  }
  assert.equal(calls.length, 0);
});
