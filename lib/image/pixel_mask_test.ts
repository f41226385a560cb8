import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type Box,
  boxMask,
  cutMask,
  invertMask,
  maskBounds,
  type PixelMask,
  scaleMask,
} from "./pixel_mask.ts";

/** A mask by rows, "#" where a pixel is meant. */
const mask = (...rows: string[]): PixelMask => ({
  width: rows[0].length,
  height: rows.length,
  data: Uint8Array.from(rows.join(""), (c) => c === "#" ? 1 : 0),
});

const print = ({ width, data }: PixelMask) =>
  Array.from(data, (bit, i) => (bit ? "#" : ".") + (++i % width ? "" : "\n"))
    .join("").trim().split("\n");

Deno.test("boxMask() means the pixels of a box, invertMask() all others", () => {
  const box = boxMask(4, 3, { x: 1, y: 1, width: 2, height: 2 });
  assert.deepEqual(print(box), ["....", ".##.", ".##."]);
  assert.deepEqual(print(invertMask(box)), ["####", "#..#", "#..#"]);
});

const side = fc.integer({ min: 1, max: 12 });

/** A size and a box in it. */
const sizeAndBox = fc.tuple(side, side).chain(([width, height]) =>
  fc.record({
    x: fc.integer({ min: 0, max: width - 1 }),
    y: fc.integer({ min: 0, max: height - 1 }),
  }).chain(({ x, y }) =>
    fc.record({
      size: fc.constant({ width, height }),
      box: fc.record({
        x: fc.constant(x),
        y: fc.constant(y),
        width: fc.integer({ min: 1, max: width - x }),
        height: fc.integer({ min: 1, max: height - y }),
      }),
    })
  )
);

Deno.test("maskBounds() finds the box again, and the smallest around several", () => {
  fc.assert(fc.property(sizeAndBox, ({ size, box }) => {
    const mask = boxMask(size.width, size.height, box);
    assert.deepEqual(maskBounds(mask), { ...box });
  }));
  const scattered = mask("......", "...#..", ".#....", "......");
  const around: Box = { x: 1, y: 1, width: 3, height: 2 };
  assert.deepEqual(maskBounds(scattered), around);
  assert.equal(maskBounds(mask("..", "..")), undefined);
});

Deno.test("cutMask() means all that lies beyond the picture", () => {
  const source = mask("#..", "...", "..#");
  const cut = (x: number, y: number, width: number, height: number) =>
    print(cutMask(source, { x, y, width, height }));
  assert.deepEqual(cut(0, 0, 3, 3), print(source));
  assert.deepEqual(cut(1, 1, 2, 2), ["..", ".#"]);
  assert.deepEqual(cut(-1, -1, 5, 5), [
    "#####",
    "##..#",
    "#...#",
    "#..##",
    "#####",
  ]);
  assert.deepEqual(cut(7, 0, 2, 1), ["##"]);
  assert.deepEqual(cut(-9, 0, 2, 1), ["##"]);
});

Deno.test("scaleMask() means every pixel that covers a part of one", () => {
  const source = mask("......", "......", "..#...", "......");
  assert.deepEqual(print(scaleMask(source, 3, 2)), ["...", ".#."]);
  assert.deepEqual(print(scaleMask(source, 4, 3)), ["....", ".#..", ".#.."]);
  assert.deepEqual(print(scaleMask(mask("#."), 5, 1)), ["###.."]);
});

Deno.test("scaleMask() loses nothing that is meant, and adds less than a pixel", () => {
  fc.assert(fc.property(sizeAndBox, side, side, ({ size, box }, w, h) => {
    const source = boxMask(size.width, size.height, box);
    const bounds = maskBounds(scaleMask(source, w, h))!;
    const ends = (at: number, length: number, from: number, to: number) => [
      Math.floor(at * to / from),
      Math.ceil((at + length) * to / from),
    ];
    assert.deepEqual(
      [bounds.x, bounds.x + bounds.width],
      ends(box.x, box.width, size.width, w),
    );
    assert.deepEqual(
      [bounds.y, bounds.y + bounds.height],
      ends(box.y, box.height, size.height, h),
    );
  }));
});
