import assert from "node:assert/strict";
import { boxMask } from "../image/pixel_mask.ts";
import type { DecodeState } from "./decode_state.ts";
import { editMaskFree } from "./edit_free.ts";
import { inpaint } from "./edit_inpaint.ts";
import type { FreeEditOptions, InpaintOptions } from "./edit_options.ts";
import type { Edited } from "./edit_picture.ts";
import { SIDE, somePicture, tableMuse } from "./edit_table.ts";
import { tokensOf } from "./edit_tokens.ts";
import { vary } from "./edit_vary.ts";
import { haltonOrder } from "./halton.ts";
import { VARIANTS } from "./option_variants.ts";
import type { Sampler } from "./sampler.ts";
import { LARGE, tinyMuse } from "./tiny_muse.ts";

/** Many, so that small changes are seen in some. */
const PROMPTS = ["a fox", "a bear", "two hearts", "a cat on a blue circle"];
/** All of the model's picture but its upper quarter. */
const PICTURE = somePicture(LARGE, LARGE);
const REGION = boxMask(LARGE, LARGE, { x: 0, y: 8, width: LARGE, height: 24 });

/** Asserts that nothing the same was drawn by other options. */
function assertOther(
  drawn: Map<string, object>,
  { tokens, superresTokens, pictures }: Edited,
  options: object,
): void {
  const bytes = pictures.map(({ data }) => data);
  const key = [tokens, superresTokens, ...bytes].join(" / ");
  const same = drawn.get(key);
  assert.equal(same, undefined, JSON.stringify([options, same]));
  drawn.set(key, options);
}

Deno.test("inpaint() draws another picture by each option", async () => {
  const options: Partial<InpaintOptions>[] = [
    {},
    { steps: 5 },
    { schedule: { fractions: [0.9, 0.2, 0] } },
    { guidance: { kind: "constant", scale: 4 } },
    { temperature: { from: 4, to: 0.5 } },
    { topK: 2 },
    ...VARIANTS,
    { negative: "a bear" },
    { superresSteps: 1 },
    { superresSteps: 0 },
    { composite: false },
    { seed: 8 },
  ];
  const muse = await tinyMuse();
  try {
    const drawn = new Map<string, object>();
    for (const one of options) {
      const all = { seed: 7, steps: 3, superresSteps: 2, ...one };
      const edited = await inpaint(muse, PICTURE, REGION, PROMPTS, all);
      assertOther(drawn, edited, one);
      if (one.composite === false) continue;
      const kept = 8 * LARGE * 3;
      for (const { data } of edited.pictures) {
        assert.deepEqual(data.slice(0, kept), PICTURE.data.slice(0, kept));
      }
    }
  } finally {
    await muse.release();
  }
});

Deno.test("editMaskFree() draws another picture by each option", async () => {
  const usual = {
    seed: 7,
    iterations: 6,
    guidance: { kind: "constant", scale: 1 },
    superresSteps: 2,
  } as const;
  const options: Partial<FreeEditOptions>[] = [
    {},
    { iterations: 7 },
    { share: 0.4 },
    { guidance: { kind: "linear", from: 0, to: 9 } },
    { temperature: { from: 4, to: 0.5 } },
    { topK: 1 },
    { topK: 6 },
    { topP: 0.7 },
    { negative: "a bear" },
    { superresSteps: 1 },
    { superresSteps: 0 },
    { seed: 8 },
  ];
  const muse = await tinyMuse();
  try {
    const drawn = new Map<string, object>();
    for (const one of options) {
      const all = { ...usual, ...one };
      const edited = await editMaskFree(muse, PICTURE, PROMPTS, all);
      assertOther(drawn, edited, one);
    }
  } finally {
    await muse.release();
  }
});

const HOLE = boxMask(SIDE, SIDE, { x: 4, y: 4, width: 8, height: 8 });
const ones = (mask: Uint8Array) => mask.reduce((sum, bit) => sum + bit, 0);

Deno.test("inpaint() keeps what is given, in whatever order it finds the rest", async () => {
  const samplers: Sampler[] = [
    { kind: "confidence" },
    { kind: "random" },
    { kind: "halton" },
    { kind: "hybrid", explore: 0.5 },
  ];
  const { muse } = tableMuse();
  const picture = somePicture(SIDE, SIDE);
  const given = await tokensOf(muse.tokenizer, [picture]);
  for (const sampler of samplers) {
    for (const kind of ["cap", "confidence", undefined] as const) {
      const states: DecodeState[] = [];
      const remask = kind && { kind, rate: 0.4 };
      const options = { seed: 3, steps: 5, sampler, remask };
      const { tokens } = await inpaint(
        ...[muse, picture, HOLE, ["a"], options] as const,
        (state) => states.push(state),
      );
      const known = states[0].given;
      assert.equal(ones(known), 48);
      for (const state of states) {
        assert.ok(known.every((bit, i) => !bit || !state.remasked[i]));
        assert.ok(known.every((bit, i) => !bit || !state.chosen[i]));
      }
      assert.ok(tokens.every((id, i) => !known[i] || id === given[i]));
      const hidden = states.map(({ remasked }) => ones(remasked));
      assert.equal(hidden.some((count) => count > 0), kind !== undefined);
    }
  }
});

Deno.test("inpaint() by Halton's sequence goes through the hole in its order", async () => {
  const { muse } = tableMuse();
  const states: DecodeState[] = [];
  const options = { steps: 16, sampler: { kind: "halton" } } as const;
  await inpaint(
    ...[muse, somePicture(SIDE, SIDE), HOLE, ["a"], options] as const,
    (state) => states.push(state),
  );
  const [{ given }] = states;
  const inHole = [...haltonOrder([8, 8])].filter((at) => !given[at]);
  const found = states.map(({ chosen }) => chosen.indexOf(1));
  assert.ok(states.every(({ chosen }) => ones(chosen) === 1));
  // From a place that the seed chooses, and round to it.
  const first = inHole.indexOf(found[0]);
  assert.deepEqual(found, [
    ...inHole.slice(first),
    ...inHole.slice(0, first),
  ]);
});

Deno.test("vary() keeps what is given while it hides some again", async () => {
  const { muse } = tableMuse();
  const picture = somePicture(SIDE, SIDE);
  const given = await tokensOf(muse.tokenizer, [picture]);
  const states: DecodeState[] = [];
  const { tokens } = await vary(
    muse,
    picture,
    ["a"],
    { steps: 6, remask: { kind: "cap", rate: 0.3 } },
    (state) => states.push(state),
  );
  const known = states[0].given;
  assert.equal(ones(known), 32);
  assert.ok(states.some(({ remasked }) => ones(remasked) > 0));
  assert.ok(tokens.every((id, i) => !known[i] || id === given[i]));
});
