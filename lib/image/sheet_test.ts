import assert from "node:assert/strict";
import fc from "fast-check";
import { drawText, textWidth, wrapText } from "./font.ts";
import { createPicture, type Picture } from "./picture.ts";
import { contactSheet } from "./sheet.ts";

const plain = (value: number, width = 40, height = 30) =>
  createPicture(
    width,
    height,
    new Uint8Array(width * height * 3).fill(value),
  );

const at = ({ width, data }: Picture, x: number, y: number) =>
  data[(y * width + x) * 3];

Deno.test("contactSheet() sets pictures in rows with gutters around them", () => {
  const pictures = [10, 20, 30].map((value) => plain(value));
  const sheet = contactSheet(pictures, { columns: 2, gutter: 4 });
  assert.deepEqual([sheet.width, sheet.height], [4 + 2 * 44, 4 + 2 * 34]);
  assert.equal(at(sheet, 4, 4), 10);
  assert.equal(at(sheet, 43, 33), 10);
  assert.equal(at(sheet, 44, 4), 255);
  assert.equal(at(sheet, 48, 4), 20);
  assert.equal(at(sheet, 4, 38), 30);
  assert.equal(at(sheet, 48, 38), 255);
});

Deno.test("contactSheet() leaves room for captions only where there are some", () => {
  const pictures = [10, 20].map((value) => plain(value));
  const bare = contactSheet(pictures, { columns: 1 });
  const said = contactSheet(pictures, { columns: 1, captions: ["a fox"] });
  assert.equal(said.height, bare.height + 14);
  const ink = said.data.filter((byte) => byte === 40).length;
  assert.ok(ink > 20, `${ink} dark bytes`);
});

Deno.test("contactSheet() writes captions in letters of the size that is asked for", () => {
  const pictures = [plain(10)];
  const options = { captions: ["fox"] };
  const small = contactSheet(pictures, options);
  const large = contactSheet(pictures, { ...options, letters: 2 });
  assert.equal(large.height, small.height + 14);
  const ink = ({ data }: Picture) => data.filter((byte) => byte === 40).length;
  assert.equal(ink(large), 4 * ink(small));
});

Deno.test("contactSheet() refuses nothing, and pictures of two sizes", () => {
  assert.throws(() => contactSheet([]), /at least one/);
  assert.throws(
    () => contactSheet([plain(0), plain(0, 41)]),
    /40x30 and of 41x30/,
  );
});

Deno.test("wrapText() keeps every word and every line within the width", () => {
  const words = fc.array(fc.string({ minLength: 1, unit: "grapheme-ascii" }));
  fc.assert(
    fc.property(words, fc.integer({ min: 12, max: 200 }), (parts, width) => {
      const text = parts.join(" ");
      const lines = wrapText(text, width, Infinity);
      assert.ok(lines.every((line) => textWidth(line) <= width));
      const bare = (s: string) => s.replace(/\s/g, "");
      assert.equal(bare(lines.join("")), bare(text));
    }),
  );
});

Deno.test("wrapText() ends in dots what goes beyond the lines", () => {
  const lines = wrapText("two small red apples above a cat", 60, 2);
  assert.equal(lines.length, 2);
  assert.match(lines[1], /\.\.\.$/);
  assert.ok(textWidth(lines[1]) <= 60);
});

Deno.test("drawText() draws each ASCII character differently, cut at edges", () => {
  const seen = new Set<string>();
  for (let code = 33; code < 127; code++) {
    const picture = createPicture(8, 10);
    drawText(picture, 1, 0, String.fromCharCode(code), 1, [1, 1, 1]);
    seen.add(picture.data.join(""));
  }
  assert.equal(seen.size, 94);
  const small = createPicture(3, 3);
  drawText(small, -1, -1, "IIII", 2, [9, 9, 9]);
  assert.ok(small.data.includes(9));
});
