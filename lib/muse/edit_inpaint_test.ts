import assert from "node:assert/strict";
import fc from "fast-check";
import { boxMask, type PixelMask } from "../image/pixel_mask.ts";
import { resize } from "../image/resize.ts";
import type { DecodeState } from "./decode_state.ts";
import { enlarge, inpaint, outpaint } from "./edit_inpaint.ts";
import { SIDE, somePicture, tableMuse } from "./edit_table.ts";
import { knownTokens } from "./edit_tokens.ts";
import { generate, tokensToPictures } from "./pipeline.ts";

const QUICK = { steps: 3, seed: 5 } as const;
const ALL = { x: 0, y: 0, width: SIDE, height: SIDE };

/** Rows of tokens, a dot where one is unknown. */
const print = ({ tokens, mask }: DecodeState) =>
  Array.from(tokens, (id, i) => (mask[i] ? "." : id) + ((i + 1) % 8 ? "" : " "))
    .join("").trim();

Deno.test("inpaint() draws these tokens in the region, step by step", async () => {
  const { muse } = tableMuse();
  const picture = somePicture(SIDE, SIDE);
  const region = boxMask(SIDE, SIDE, { x: 4, y: 4, width: 7, height: 5 });
  const states: string[] = [];
  const options = {
    ...QUICK,
    steps: 4,
    guidance: { kind: "constant", scale: 1.5 },
    temperature: 0.5,
    choiceTemperature: 1,
  } as const;
  await inpaint(muse, picture, region, ["a"], options, (state) => {
    states.push(print(state));
  });
  assert.deepEqual(states, [
    "42254534 45136435 45..9.31 35....33 53....74 45635444 54454624 45337746",
    "42254534 45136435 45.99031 35..7.33 53....74 45635444 54454624 45337746",
    "42254534 45136435 45.99031 35..7233 536.9974 45635444 54454624 45337746",
    "42254534 45136435 45599031 35567233 53679974 45635444 54454624 45337746",
  ]);
});

const size = fc.integer({ min: 1, max: 40 });
const anyEdit = fc.record({ width: size, height: size }).chain(
  ({ width, height }) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      bits: fc.uint8Array({
        min: 0,
        max: 1,
        minLength: width * height,
        maxLength: width * height,
      }).filter((bits) => bits.includes(1)),
      seed: fc.integer({ min: 0, max: 9 }),
      reach: fc.constantFrom(0, 2, Infinity),
      context: fc.constantFrom(undefined, 1, 2),
    }),
);

Deno.test("inpaint() leaves pixels outside the region as they were, and given tokens", async () => {
  await fc.assert(
    fc.asyncProperty(anyEdit, async ({ width, height, bits, ...rest }) => {
      const { muse } = tableMuse(rest.reach);
      const picture = somePicture(width, height, rest.seed);
      const region: PixelMask = { width, height, data: bits };
      const options = { ...QUICK, context: rest.context };
      const prompts = ["a", "b"];
      const edited = await inpaint(muse, picture, region, prompts, options);
      const { x, y, side } = edited.window;
      const box = { x, y, width: side, height: side };
      const known = await knownTokens(muse.tokenizer, picture, region, box);
      edited.tokens.forEach((id, i) => {
        const at = i % known.tokens.length;
        assert.ok(known.mask[at] || id === known.tokens[at]);
      });
      for (const { width: w, height: h, data } of edited.pictures) {
        assert.deepEqual([w, h], [width, height]);
        data.forEach((byte, i) => {
          assert.ok(bits[Math.floor(i / 3)] || byte === picture.data[i]);
        });
      }
    }),
    { numRuns: 60 },
  );
});

Deno.test("inpaint() without compositing shows all that the model drew", async () => {
  const { muse } = tableMuse();
  const picture = somePicture(2 * SIDE, 3 * SIDE);
  const region = boxMask(2 * SIDE, 3 * SIDE, {
    x: 3,
    y: SIDE,
    width: 5,
    height: 5,
  });
  const options = { ...QUICK, composite: false };
  const { tokens, window, pictures: [edited] } = await inpaint(
    ...[muse, picture, region, ["a"], options] as const,
  );
  const [drawn] = await tokensToPictures(muse.tokenizer, tokens);
  const { y, side } = window;
  assert.deepEqual(window, { x: 0, y: 3, side: 2 * SIDE });
  const large = resize(drawn, side, side, "bicubic");
  const row = 3 * 2 * SIDE;
  const wanted = picture.data.slice();
  wanted.set(large.data, y * row);
  assert.deepEqual(edited.data, wanted);
});

Deno.test("inpaint() of the whole picture is a generation with the same seed", async () => {
  const { muse } = tableMuse();
  const drawn = await generate(muse, ["a", "b"], QUICK);
  const edited = await inpaint(
    muse,
    somePicture(SIDE, SIDE),
    boxMask(SIDE, SIDE, ALL),
    ["a", "b"],
    QUICK,
  );
  assert.deepEqual(edited.tokens, drawn.tokens);
  assert.deepEqual(edited.pictures, drawn.pictures);
});

Deno.test("inpaint() draws each prompt by its seed, whatever else it draws", async () => {
  const { muse } = tableMuse();
  const picture = somePicture(30, 20);
  const region = boxMask(30, 20, { x: 8, y: 8, width: 9, height: 9 });
  const both = await inpaint(muse, picture, region, ["a", "a"], QUICK);
  assert.notDeepEqual(both.pictures[0], both.pictures[1]);
  const next = { ...QUICK, seed: [6] };
  const one = await inpaint(muse, picture, region, ["a"], next);
  assert.deepEqual(one.pictures[0], both.pictures[1]);
  const { tokens, text, decode, picture: last } = one.seconds;
  assert.ok(tokens > 0 && text > 0 && decode > 0 && last > 0);
});

Deno.test("inpaint() refuses masks that don't fit and options out of range", async () => {
  const { muse, calls } = tableMuse();
  const picture = somePicture(30, 20);
  const region = boxMask(30, 20, { x: 8, y: 8, width: 9, height: 9 });
  const turned = { ...region, width: 20, height: 30 };
  const empty = { ...region, data: new Uint8Array(600) };
  const wrong: [PixelMask, Parameters<typeof inpaint>[4], RegExp][] = [
    [turned, {}, /found a mask of 20x30 for a picture of 30x20, wanted .*same/],
    [empty, {}, /found no pixel in the mask .* masks are white there/],
    [region, { context: 0.5 }, /found the context 0.5, wanted .* at least 1/],
    [region, { context: NaN }, /found the context NaN/],
    [region, { steps: 0 }, /found 0 steps/],
    [region, { topK: 0 }, /found the top k 0/],
  ];
  for (const [mask, options, message] of wrong) {
    await assert.rejects(inpaint(muse, picture, mask, ["a"], options), {
      name: "RangeError",
      message,
    });
  }
  assert.equal(calls.length, 0);
});

Deno.test("outpaint() keeps the picture in the enlarged one, and draws around it", async () => {
  const { muse } = tableMuse();
  const picture = somePicture(20, 12);
  const margins = { left: 3, right: 0, top: 0, bottom: 7 };
  const { pictures: [large], window } = await outpaint(
    ...[muse, picture, margins, ["a"], QUICK] as const,
  );
  assert.deepEqual([large.width, large.height], [23, 19]);
  assert.deepEqual(window, { x: 0, y: -2, side: 23 });
  for (let y = 0; y < 12; y++) {
    assert.deepEqual(
      large.data.subarray((y * 23 + 3) * 3, (y + 1) * 23 * 3),
      picture.data.subarray(y * 20 * 3, (y + 1) * 20 * 3),
    );
  }
  const { enlarged, region } = enlarge(picture, margins);
  const same = await inpaint(muse, enlarged, region, ["a"], QUICK);
  assert.deepEqual(same.pictures, [large]);
});

Deno.test("outpaint() at one side sees as much of the picture as it can", async () => {
  const { muse } = tableMuse();
  const margins = { left: 0, right: 8, top: 0, bottom: 0 };
  const { window } = await outpaint(
    ...[muse, somePicture(20, 16), margins, ["a"], QUICK] as const,
  );
  assert.deepEqual(window, { x: 12, y: 0, side: 16 });
});

Deno.test("outpaint() refuses margins that are none", () => {
  const none = { left: 0, right: 0, top: 0, bottom: 0 };
  const picture = somePicture(20, 12);
  assert.throws(() => enlarge(picture, none), /and one above 0/);
  assert.throws(() => enlarge(picture, { ...none, left: 1.5 }), /1.5 pixels/);
  assert.throws(() => enlarge(picture, { ...none, top: -1, left: 1 }), /-1 at/);
  assert.throws(() => enlarge(picture, { ...none, left: 70000 }), /70020x12/);
});
