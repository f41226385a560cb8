import assert from "node:assert/strict";
import fc from "fast-check";
import { cutBox } from "../image/cut.ts";
import { resize } from "../image/resize.ts";
import { createRng } from "../run/random.ts";
import type { DecodeState } from "./decode_state.ts";
import { SIDE, somePicture, tableMuse } from "./edit_table.ts";
import { readSquare, tokensOf } from "./edit_tokens.ts";
import { vary, varyMask } from "./edit_vary.ts";
import { generate, tokensToPictures } from "./pipeline.ts";

const QUICK = { steps: 3, seed: 5 } as const;

const ones = (mask: Uint8Array) => mask.reduce((sum, bit) => sum + bit, 0);

Deno.test("vary() of strength 0 shows the picture as the tokenizer does, and asks no network", async () => {
  const { muse, calls } = tableMuse();
  const picture = somePicture(SIDE, SIDE);
  const edited = await vary(muse, picture, ["a"], { ...QUICK, strength: 0 });
  const tokens = await tokensOf(muse.tokenizer, [picture]);
  assert.deepEqual(edited.tokens, tokens);
  const [rebuilt] = await tokensToPictures(muse.tokenizer, tokens);
  assert.deepEqual(edited.pictures, [rebuilt]);
  assert.equal(calls.length, 0);
});

Deno.test("vary() of strength 1 is a generation with the same seed", async () => {
  const { muse } = tableMuse();
  const prompts = ["a", "b"];
  const drawn = await generate(muse, prompts, QUICK);
  const options = { ...QUICK, strength: 1 };
  const square = somePicture(SIDE, SIDE);
  const edited = await vary(muse, square, prompts, options);
  assert.deepEqual(edited.tokens, drawn.tokens);
  assert.deepEqual(edited.pictures, drawn.pictures);
  // Of another size, it is that picture at this size, and the part of it.
  const wide = await vary(muse, somePicture(40, 20), prompts, options);
  assert.deepEqual(wide.tokens, drawn.tokens);
  assert.deepEqual(
    wide.pictures,
    drawn.pictures.map((picture) =>
      cutBox(resize(picture, 40, 40, "bicubic"), {
        x: 0,
        y: 10,
        width: 40,
        height: 20,
      })
    ),
  );
});

Deno.test("vary() hides the share of the tokens, and keeps the others", async () => {
  const { muse } = tableMuse();
  const picture = somePicture(SIDE, SIDE);
  const given = await tokensOf(muse.tokenizer, [picture]);
  for (const strength of [0.1, 0.5, 0.9]) {
    const states: DecodeState[] = [];
    const options = { ...QUICK, strength };
    const { tokens } = await vary(
      ...[muse, picture, ["a", "a"], options] as const,
      (state) => states.push(state),
    );
    const hidden = Math.round(strength * given.length);
    const known = states[0].given;
    assert.equal(ones(known.subarray(0, 64)), 64 - hidden);
    assert.equal(ones(known.subarray(64)), 64 - hidden);
    assert.notDeepEqual(known.subarray(0, 64), known.subarray(64));
    known.forEach((bit, i) => {
      if (bit) assert.equal(tokens[i], given[i % given.length]);
    });
  }
});

Deno.test("vary() uses half of the tokens unless told otherwise, by each seed for itself", async () => {
  const { muse } = tableMuse();
  const picture = somePicture(20, 30);
  const both = await vary(muse, picture, ["a", "a"], QUICK);
  const next = { ...QUICK, seed: 6, strength: 0.5 };
  const one = await vary(muse, picture, ["a"], next);
  assert.deepEqual(one.pictures[0], both.pictures[1]);
  assert.notDeepEqual(one.pictures[0], both.pictures[0]);
  assert.deepEqual(both.window, { x: -5, y: 0, side: 30 });
  assert.deepEqual([one.pictures[0].width, one.pictures[0].height], [20, 30]);
});

Deno.test("vary() draws what lies beyond the picture anew, at any strength above 0", async () => {
  const { muse } = tableMuse();
  const picture = somePicture(32, 16); // tokens of 4 pixels: 2 rows, 4, 2
  const states: DecodeState[] = [];
  const options = { ...QUICK, strength: 0.01 };
  await vary(muse, picture, ["a"], options, (state) => states.push(state));
  const [{ given }] = states;
  assert.equal(ones(given.subarray(0, 16)) + ones(given.subarray(48)), 0);
  assert.equal(ones(given), 31);
  const all = readSquare(
    muse.tokenizer,
    picture,
    { x: 0, y: -8, width: 32, height: 32 },
  );
  const kept = await vary(muse, picture, ["a"], { ...QUICK, strength: 0 });
  assert.deepEqual(kept.tokens, await tokensOf(muse.tokenizer, [all]));
});

Deno.test("varyMask() hides as many of the visible tokens as the strength says", () => {
  fc.assert(fc.property(
    fc.uint8Array({ min: 0, max: 1, minLength: 1, maxLength: 50 })
      .filter((visible) => visible.includes(1)),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.integer(),
    (visible, strength, seed) => {
      const mask = varyMask(visible, strength, createRng("test", seed));
      const count = ones(visible);
      const hidden = ones(mask.map((bit, i) => bit & visible[i]));
      const least = strength > 0 ? 1 : 0;
      assert.equal(hidden, Math.max(least, Math.round(strength * count)));
      mask.forEach((bit, i) => {
        if (!visible[i]) assert.equal(bit, strength > 0 ? 1 : 0);
      });
    },
  ));
});

Deno.test("vary() refuses options out of range", async () => {
  const { muse, calls } = tableMuse();
  for (const strength of [-0.1, 1.1, NaN]) {
    await assert.rejects(
      vary(muse, somePicture(4, 4), ["a"], { strength }),
      { name: "RangeError", message: /found the strength .* number from 0, / },
    );
  }
  await assert.rejects(
    vary(muse, somePicture(4, 4), ["a"], { seed: [1, 2] }),
    /found 2 seeds, wanted 1/,
  );
  assert.equal(calls.length, 0);
});
