import assert from "node:assert/strict";
import fc from "fast-check";
import { createPicture } from "./picture.ts";
import { resize, type ResizeFilter } from "./resize.ts";
import pillow from "./testdata/resize.json" with { type: "json" };

const bytes = (base64: string) =>
  Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
const source = createPicture(pillow.width, pillow.height, bytes(pillow.data));
const filters: readonly ResizeFilter[] = [
  "box",
  "bilinear",
  "bicubic",
  "lanczos",
];

Deno.test("resize() equals Pillow byte for byte, every filter up and down", () => {
  for (const { filter, width, height, data } of pillow.cases) {
    const name = filters.find((known) => known === filter);
    assert.ok(name, filter);
    const out = resize(source, width, height, name);
    assert.deepEqual(out.data, bytes(data), `${filter} ${width}x${height}`);
  }
});

Deno.test("resize() covers each filter and seven sizes in its fixture", () => {
  assert.equal(pillow.cases.length, 28);
});

Deno.test("resize() leaves a picture of one colour as it is", () => {
  const side = fc.integer({ min: 1, max: 40 });
  fc.assert(fc.property(
    fc.tuple(side, side, side, side),
    fc.integer({ min: 0, max: 255 }),
    fc.constantFrom(...filters),
    ([w, h, width, height], value, filter) => {
      const flat = createPicture(w, h, new Uint8Array(w * h * 3).fill(value));
      const out = resize(flat, width, height, filter);
      assert.ok(out.data.every((byte) => byte === value));
    },
  ));
});

Deno.test("resize() to the same size copies", () => {
  const out = resize(source, source.width, source.height, "lanczos");
  assert.deepEqual(out, source);
  assert.notEqual(out.data, source.data);
});

Deno.test("resize() refuses sides that are not whole positive numbers", () => {
  assert.throws(() => resize(source, 0, 4, "box"), /0x4/);
  assert.throws(() => resize(source, 4, 2.5, "box"), /4x2.5/);
});
