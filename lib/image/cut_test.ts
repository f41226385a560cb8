import assert from "node:assert/strict";
import fc from "fast-check";
import {
  cutBox,
  fillFromAround,
  meanColour,
  paintOver,
  pasteOver,
} from "./cut.ts";
import { createPicture, type Picture } from "./picture.ts";
import { boxMask } from "./pixel_mask.ts";

/** A picture whose pixels all differ, the first one of the given value. */
const counted = (width: number, height: number, first = 0): Picture =>
  createPicture(
    width,
    height,
    Uint8Array.from({ length: 3 * width * height }, (_, i) => first + i),
  );

/** The red of every pixel, row by row. */
const reds = ({ data }: Picture) =>
  Array.from({ length: data.length / 3 }, (_, i) => data[3 * i]);

Deno.test("cutBox() cuts a part out, and goes on with the outermost pixels", () => {
  const picture = counted(3, 2); // 0 3 6 / 9 12 15
  const cut = (x: number, y: number, width: number, height: number) =>
    reds(cutBox(picture, { x, y, width, height }));
  assert.deepEqual(cut(1, 0, 2, 2), [3, 6, 12, 15]);
  assert.deepEqual(cut(-1, -1, 5, 2), [0, 0, 3, 6, 6, 0, 0, 3, 6, 6]);
  assert.deepEqual(cut(5, 9, 1, 1), [15]);
});

const side = fc.integer({ min: 1, max: 8 });
const place = fc.integer({ min: -9, max: 9 });

Deno.test("pasteOver() brings back what cutBox() cut out", () => {
  fc.assert(fc.property(
    fc.tuple(side, side, side, side),
    fc.tuple(place, place),
    ([w, h, width, height], [x, y]) => {
      const picture = counted(w, h);
      const part = cutBox(picture, { x, y, width, height });
      assert.deepEqual(pasteOver(picture, part, x, y), picture);
    },
  ));
});

Deno.test("pasteOver() changes what is meant where the part lies, and nothing else", () => {
  fc.assert(fc.property(
    fc.tuple(side, side, side, side),
    fc.tuple(place, place),
    fc.uint8Array({ min: 0, max: 1, minLength: 64, maxLength: 64 }),
    ([w, h, width, height], [x, y], bits) => {
      const picture = counted(w, h);
      const part = counted(width, height, 64);
      const mask = { width: w, height: h, data: bits.subarray(0, w * h) };
      const out = pasteOver(picture, part, x, y, mask);
      reds(out).forEach((red, i) => {
        const [across, down] = [i % w - x, Math.floor(i / w) - y];
        const inside = across >= 0 && across < width && down >= 0 &&
          down < height;
        const wanted = inside && bits[i]
          ? reds(part)[down * width + across]
          : reds(picture)[i];
        assert.equal(red, wanted);
      });
      assert.deepEqual(picture, counted(w, h), "the picture is not written");
    },
  ));
});

Deno.test("meanColour() and paintOver() look at the pixels of the mask alone", () => {
  const picture = counted(2, 2); // 0 1 2, 3 4 5 / 6 7 8, 9 10 11
  const right = boxMask(2, 2, { x: 1, y: 0, width: 1, height: 2 });
  assert.deepEqual(meanColour(picture, right), [6, 7, 8]);
  const none = { ...right, data: new Uint8Array(4) };
  assert.deepEqual(meanColour(picture, none), [128, 128, 128]);
  const painted = paintOver(picture, right, [200, 100, 50]);
  assert.deepEqual(
    [...painted.data],
    [0, 1, 2, 200, 100, 50, 6, 7, 8, 200, 100, 50],
  );
});

Deno.test("fillFromAround() goes on with what is nearest", () => {
  const picture = counted(6, 2); // 0 3 6 9 12 15 / 18 21 24 27 30 33
  const hidden = boxMask(6, 2, { x: 1, y: 0, width: 4, height: 2 });
  assert.deepEqual(
    reds(fillFromAround(picture, hidden)),
    [0, 0, 0, 15, 15, 15, 18, 18, 18, 33, 33, 33],
  );
  const all = boxMask(6, 2, { x: 0, y: 0, width: 6, height: 2 });
  assert.deepEqual(fillFromAround(picture, all), picture);
});

Deno.test("fillFromAround() takes the colour of a pixel as near as any other", () => {
  fc.assert(fc.property(
    fc.tuple(side, side),
    fc.uint8Array({ min: 0, max: 1, minLength: 64, maxLength: 64 }),
    ([w, h], bits) => {
      const picture = counted(w, h);
      const data = bits.subarray(0, w * h);
      fc.pre(data.includes(0));
      const out = reds(fillFromAround(picture, { width: w, height: h, data }));
      const steps = (i: number, j: number) =>
        Math.abs(i % w - j % w) +
        Math.abs(Math.floor(i / w) - Math.floor(j / w));
      const known = [...data.keys()].filter((i) => data[i] === 0);
      out.forEach((red, i) => {
        const from = red / 3; // the pixel that had this colour
        const least = Math.min(...known.map((j) => steps(i, j)));
        assert.ok(data[from] === 0 && steps(i, from) === least);
      });
    },
  ));
});
