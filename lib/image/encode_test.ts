import assert from "node:assert/strict";
import { deflateSync } from "node:zlib";
import fc from "fast-check";
import sharp from "sharp";
import { decodeImage } from "./decode.ts";
import { encodePng, readPngText } from "./encode.ts";
import { createPicture } from "./picture.ts";

const pictures = fc.tuple(
  fc.integer({ min: 1, max: 20 }),
  fc.integer({ min: 1, max: 20 }),
  fc.boolean(),
).chain(([width, height, smooth]) =>
  fc.uint8Array({
    minLength: width * height * 3,
    maxLength: width * height * 3,
    max: smooth ? 3 : 255,
  }).map((data) => createPicture(width, height, data))
);

Deno.test("encodePng() writes what another decoder reads back", async () => {
  await fc.assert(
    fc.asyncProperty(pictures, async (picture) => {
      assert.deepEqual(await decodeImage(await encodePng(picture)), picture);
    }),
    { numRuns: 60 },
  );
});

Deno.test("encodePng() filters rows: a gradient packs small", async () => {
  const ramp = createPicture(256, 256);
  ramp.data.forEach((_, i) => ramp.data[i] = (i / 3) % 256 + (i >> 10));
  const { length } = await encodePng(ramp);
  assert.ok(length < 6000, `${length} bytes`);
});

Deno.test("readPngText() returns what encodePng() was given", async () => {
  const text = {
    "prompt": "a fox",
    "Latin 1": "café ÿ",
    "Unicode": "a 🦊 in 東京\nsecond line",
    "empty": "",
  };
  const png = await encodePng(createPicture(2, 2), text);
  assert.deepEqual(readPngText(png), text);
  const { comments } = await sharp(png).metadata();
  assert.deepEqual(
    comments?.map(({ keyword, text }) => [keyword, text])
      .find(([keyword]) => keyword === "prompt"),
    ["prompt", "a fox"],
  );
});

Deno.test("encodePng() chooses iTXt only where tEXt cannot hold the text", async () => {
  const png = await encodePng(createPicture(1, 1), { a: "é", b: "é…" });
  const names = String.fromCharCode(...png).match(/tEXt|iTXt/g);
  assert.deepEqual(names, ["tEXt", "iTXt"]);
});

Deno.test("encodePng() refuses keys and values that PNG cannot hold", async () => {
  const picture = createPicture(1, 1);
  for (const key of ["", " a", "a ", "é", "a".repeat(80), "a\0"]) {
    await assert.rejects(encodePng(picture, { [key]: "x" }), /text key/);
  }
  await assert.rejects(encodePng(picture, { a: "…\0" }), /NUL/);
});

/** A PNG with one chunk and its end; nobody reads the check sums. */
function withChunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + 12 + data.length + 12);
  bytes.set([137, 80, 78, 71, 13, 10, 26, 10]);
  new DataView(bytes.buffer).setUint32(8, data.length);
  bytes.set(new TextEncoder().encode(type), 12);
  bytes.set(data, 16);
  bytes.set(new TextEncoder().encode("IEND"), 8 + 12 + data.length + 4);
  return bytes;
}

Deno.test("readPngText() reads compressed text of other writers", () => {
  const packed = deflateSync(new TextEncoder().encode("a tale"));
  const key = new TextEncoder().encode("k\0");
  const ztxt = Uint8Array.of(...key, 0, ...packed);
  assert.deepEqual(readPngText(withChunk("zTXt", ztxt)), { k: "a tale" });
  const itxt = Uint8Array.of(...key, 1, 0, 0, 0, ...packed);
  assert.deepEqual(readPngText(withChunk("iTXt", itxt)), { k: "a tale" });
});

Deno.test("readPngText() refuses other files, truncation and lies", async () => {
  assert.throws(() => readPngText(Uint8Array.of(1, 2, 3)), /not begin as one/);
  const png = await encodePng(createPicture(9, 9), { prompt: "a fox" });
  for (let end = 8; end < png.length; end++) {
    assert.throws(() => readPngText(png.subarray(0, end)), /truncated/);
  }
  const lying = png.slice();
  new DataView(lying.buffer).setUint32(8, 0xffffffff);
  assert.throws(() => readPngText(lying), /truncated/);
  const bare = new TextEncoder().encode("no separator");
  for (const type of ["tEXt", "zTXt", "iTXt"]) {
    assert.throws(() => readPngText(withChunk(type, bare)), /separators/);
  }
  const bomb = deflateSync(new Uint8Array(1 << 25));
  const ztxt = withChunk("zTXt", Uint8Array.of(107, 0, 0, ...bomb));
  assert.throws(() => readPngText(ztxt));
});
