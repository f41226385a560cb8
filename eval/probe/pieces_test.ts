import assert from "node:assert/strict";
import { createPicture } from "../../lib/image/picture.ts";
import { resize } from "../../lib/image/resize.ts";
import { createProbe } from "./probe.ts";
import { fitted, piecesOf } from "./pieces.ts";
import { createSight, sightDistance } from "./sight.ts";
import { TOY, toyWeights } from "./toy_probe.ts";

const SIDE = TOY.imageSize;

/** Black and white columns, as fine as pixels are. */
function stripes(side: number, shift = 0) {
  const picture = createPicture(side, side);
  for (let i = 0; i < side * side; i++) {
    picture.data.fill(255 * ((i + shift) % 2), 3 * i, 3 * i + 3);
  }
  return picture;
}

Deno.test("piecesOf() cuts a picture into squares, row by row, and loses no pixel", () => {
  const picture = createPicture(6, 4);
  picture.data.set(picture.data.map((_, i) => i));
  const pieces = piecesOf(picture, 2);
  assert.deepEqual(
    pieces.map(({ width, height, data }) => [width, height, data[0]]),
    [0, 6, 12, 36, 42, 48].map((first) => [2, 2, first]),
  );
  const all = pieces.flatMap(({ data }) => [...data]);
  assert.deepEqual(all.sort((a, b) => a - b), [...picture.data]);
  assert.deepEqual(piecesOf(stripes(4), 4), [stripes(4)]);
  assert.throws(
    () => piecesOf(picture, 4),
    /picture of 6x4 into squares of 4 pixels: wanted a multiple/,
  );
});

Deno.test("a sight tells sharp pictures from enlarged ones, fitted() does not", async () => {
  const judge = createProbe(TOY, toyWeights());
  const [sharp, enlarged, again] = [1, 2, 3].map(() => createSight(judge));
  try {
    for (const shift of [0, 1]) {
      const picture = stripes(2 * SIDE, shift);
      const small = fitted(picture, SIDE);
      const soft = resize(small, 2 * SIDE, 2 * SIDE, "bicubic");
      await sharp.add([picture]);
      await again.add([picture]);
      await enlarged.add([soft]);
      const reduced = fitted(soft, SIDE);
      const middle = 3 * (SIDE * SIDE + SIDE) / 2;
      assert.ok(Math.abs(reduced.data[middle] - small.data[middle]) <= 2);
    }
    const { count, width } = sharp.features();
    assert.deepEqual([count, width], [8, 32]);
    assert.ok(Math.abs(await sightDistance(sharp, again)) < 1e-6);
    assert.ok(await sightDistance(sharp, enlarged) > 0.01);
  } finally {
    await judge.release();
  }
});
