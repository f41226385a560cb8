import assert from "node:assert/strict";
import fc from "fast-check";
import { windowAround, windowOfAll } from "./edit_window.ts";

const wide = { width: 300, height: 200 };

Deno.test("windowAround() is the largest square in the picture, near the box", () => {
  const at = (x: number, y: number) =>
    windowAround(wide, { x, y, width: 40, height: 20 });
  assert.deepEqual(at(130, 90), { x: 50, y: 0, side: 200 });
  assert.deepEqual(at(0, 0), { x: 0, y: 0, side: 200 });
  assert.deepEqual(at(260, 180), { x: 100, y: 0, side: 200 });
});

Deno.test("windowAround() goes beyond the picture for a box too long for it", () => {
  const around = (x: number, y: number, width: number, height: number) =>
    windowAround(wide, { x, y, width, height });
  assert.deepEqual(around(20, 90, 240, 20), { x: 20, y: -20, side: 240 });
  assert.deepEqual(around(0, 0, 300, 200), { x: 0, y: -50, side: 300 });
});

Deno.test("windowAround() shows more than the box, one way or the other", () => {
  const around = (x: number, y: number, width: number, height: number) =>
    windowAround(wide, { x, y, width, height });
  // Enough beside the box, though nothing above or below.
  assert.deepEqual(around(200, 0, 100, 200), { x: 100, y: 0, side: 200 });
  // A fourth of its side.
  assert.deepEqual(around(100, 0, 200, 200), { x: 50, y: -25, side: 250 });
  assert.deepEqual(around(20, 0, 280, 200), { x: 0, y: -50, side: 300 });
});

Deno.test("windowAround() goes near to the box, but not nearer than the model sees", () => {
  const box = { x: 100, y: 100, width: 40, height: 20 };
  assert.deepEqual(windowAround(wide, box, 2), { x: 80, y: 70, side: 80 });
  assert.deepEqual(windowAround(wide, box, 1), { x: 100, y: 90, side: 40 });
  assert.equal(windowAround(wide, box, 2, 128).side, 128);
  assert.equal(windowAround(wide, box, 2, 1000).side, 200);
  assert.equal(windowAround(wide, box, 100).side, 200);
});

Deno.test("windowOfAll() has the picture in its middle", () => {
  assert.deepEqual(windowOfAll(wide), { x: 0, y: -50, side: 300 });
  assert.deepEqual(
    windowOfAll({ width: 3, height: 6 }),
    { x: -1, y: 0, side: 6 },
  );
  assert.deepEqual(windowOfAll({ width: 5, height: 5 }), {
    x: 0,
    y: 0,
    side: 5,
  });
});

const side = fc.integer({ min: 1, max: 500 });

Deno.test("windowAround() holds the whole box, and is no larger than the picture", () => {
  fc.assert(fc.property(
    fc.record({ width: side, height: side }),
    fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
      minLength: 4,
      maxLength: 4,
    }),
    fc.option(fc.double({ min: 1, max: 5, noNaN: true }), { nil: undefined }),
    fc.constantFrom(1, 128),
    ({ width, height }, [x, y, w, h], context, least) => {
      const left = Math.floor(x * (width - 1));
      const top = Math.floor(y * (height - 1));
      const box = {
        x: left,
        y: top,
        width: 1 + Math.floor(w * (width - left - 1)),
        height: 1 + Math.floor(h * (height - top - 1)),
      };
      const window = windowAround({ width, height }, box, context, least);
      for (
        const [at, length, from, whole] of [
          [box.x, box.width, window.x, width],
          [box.y, box.height, window.y, height],
        ]
      ) {
        assert.ok(Number.isInteger(from));
        assert.ok(from <= at && at + length <= from + window.side);
        const beyond = Math.max(-from, from + window.side - whole);
        assert.ok(beyond <= Math.ceil(Math.max(0, window.side - whole) / 2));
      }
      assert.ok(window.side <= Math.max(width, height));
    },
  ));
});
