import assert from "node:assert/strict";
import fc from "fast-check";
import { createPicture } from "../image/picture.ts";
import { boxMask, maskBounds, scaleMask } from "../image/pixel_mask.ts";
import { SIDE, somePicture, tableTokenizer } from "./edit_table.ts";
import { knownTokens, readSquare, tokensOf } from "./edit_tokens.ts";

/** Tokens a side. */
const GRID = SIDE / 2;
const ALL = { x: 0, y: 0, width: SIDE, height: SIDE };

/** Rows of a token mask, "#" where unknown. */
const print = (mask: Uint8Array) =>
  Array.from(
    { length: GRID },
    (_, row) =>
      Array.from(mask.subarray(row * GRID, (row + 1) * GRID))
        .map((bit) => bit ? "#" : ".").join(""),
  );

Deno.test("knownTokens() hides the tokens of hidden pixels, and gives the others", async () => {
  const reader = tableTokenizer();
  const picture = somePicture(SIDE, SIDE);
  const hidden = boxMask(SIDE, SIDE, { x: 3, y: 5, width: 4, height: 1 });
  const { tokens, mask } = await knownTokens(reader, picture, hidden, ALL);
  assert.deepEqual(print(mask), [
    ..."........,........,.###....".split(","),
    ...Array.from({ length: 5 }, () => "........"),
  ]);
  const all = await tokensOf(reader, [picture]);
  mask.forEach((bit, i) => assert.ok(bit || tokens[i] === all[i]));
});

Deno.test("knownTokens() hides a token that may be another, by what is hidden beside it", async () => {
  // Dark around what is hidden, and light on the whole.
  const picture = createPicture(SIDE, SIDE);
  picture.data.fill(255);
  picture.data.fill(28, 2 * SIDE * 3, 8 * SIDE * 3);
  const hidden = boxMask(SIDE, SIDE, { x: 8, y: 4, width: 2, height: 2 });
  const row = async (reach: number) => {
    const reader = tableTokenizer(reach);
    return print((await knownTokens(reader, picture, hidden, ALL)).mask)[2];
  };
  assert.equal(await row(0), "....#...");
  assert.equal(await row(1), "...###..");
  assert.equal(await row(3), "..#####.");
  // It sees all of its row, which is too much to be counted.
  assert.equal(await row(Infinity), "...###..");
});

Deno.test("knownTokens() gives a token that sees nothing new in what is hidden", async () => {
  const picture = createPicture(SIDE, SIDE);
  picture.data.fill(28);
  const hidden = boxMask(SIDE, SIDE, { x: 8, y: 4, width: 2, height: 2 });
  const { tokens, mask } = await knownTokens(
    ...[tableTokenizer(3), picture, hidden, ALL] as const,
  );
  assert.equal(print(mask)[2], "....#...");
  assert.ok(tokens.every((id) => id === 1));
});

const side = fc.integer({ min: 1, max: 40 });
const anyScene = fc.record({ width: side, height: side }).chain(
  ({ width, height }) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      hidden: fc.uint8Array({
        min: 0,
        max: 1,
        minLength: width * height,
        maxLength: width * height,
      }),
      x: fc.integer({ min: -20, max: width }),
      y: fc.integer({ min: -20, max: height }),
      size: side,
      reach: fc.constantFrom(0, 1, 5, Infinity),
    }),
);

Deno.test("knownTokens() never looks at what is hidden", async () => {
  await fc.assert(
    fc.asyncProperty(anyScene, async (scene) => {
      const { width, height, x, y, size, reach } = scene;
      const hidden = { width, height, data: scene.hidden };
      const one = somePicture(width, height, 1);
      const other = somePicture(width, height, 2);
      const same = one.data.map((byte, i) =>
        hidden.data[Math.floor(i / 3)] ? other.data[i] : byte
      );
      const box = { x, y, width: size, height: size };
      const reader = tableTokenizer(reach);
      assert.deepEqual(
        await knownTokens(reader, one, hidden, box),
        await knownTokens(
          reader,
          createPicture(width, height, same),
          hidden,
          box,
        ),
      );
    }),
  );
});

Deno.test("knownTokens() knows nothing of what lies beyond the picture", async () => {
  const reader = tableTokenizer();
  const picture = somePicture(SIDE, SIDE / 2);
  const none = boxMask(SIDE, SIDE / 2, { x: 0, y: 0, width: 0, height: 0 });
  assert.equal(maskBounds(none), undefined);
  const box = { x: 0, y: -4, width: SIDE, height: SIDE };
  const { mask } = await knownTokens(reader, picture, none, box);
  const known = { x: 0, y: 2, width: GRID, height: GRID / 2 };
  assert.deepEqual(mask, boxMask(GRID, GRID, known).data.map((bit) => 1 - bit));
  const far = { x: 99, y: 99, width: 5, height: 5 };
  const nothing = await knownTokens(reader, picture, none, far);
  assert.ok(nothing.mask.every((bit) => bit === 1));
});

Deno.test("knownTokens() reads a window of any size at the model's own", async () => {
  const reader = tableTokenizer();
  const large = somePicture(50, 40);
  const hidden = boxMask(50, 40, { x: 10, y: 20, width: 9, height: 3 });
  const box = { x: 5, y: 0, width: 40, height: 40 };
  const { tokens, mask } = await knownTokens(reader, large, hidden, box);
  const inBox = boxMask(40, 40, { x: 5, y: 20, width: 9, height: 3 });
  const pixels = scaleMask(inBox, SIDE, SIDE);
  assert.deepEqual(mask, scaleMask(pixels, GRID, GRID).data);
  // Far from what is hidden, the tokens are those of the picture made small.
  const all = await tokensOf(reader, [readSquare(reader, large, box)]);
  for (let i = 0; i < 3 * GRID; i++) assert.equal(tokens[i], all[i]);
});
