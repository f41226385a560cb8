import assert from "node:assert/strict";
import { decodeImage } from "../image/decode.ts";
import { createPicture, toUnit } from "../image/picture.ts";
import { tf } from "../run/tf.ts";
import { picturesOf, show } from "./show.ts";

const DISPLAY = Symbol.for("Jupyter.display");

Deno.test("show() gives a notebook a PNG of pictures or of a tensor", async () => {
  const picture = createPicture(4, 4, new Uint8Array(48).fill(200));
  const images = tf.fill([1, 4, 4, 3], 200 / 255) as tf.Tensor4D;
  const bundles = [
    await show([picture])[DISPLAY](),
    await show(images)[DISPLAY](),
  ];
  assert.deepEqual(bundles[0], bundles[1]);
  const png = Uint8Array.fromBase64(bundles[0]["image/png"]);
  const { width, height, data } = await decodeImage(png);
  assert.equal(width, height);
  const middle = (Math.floor(height / 2) * width + Math.floor(width / 2)) * 3;
  assert.equal(data[middle], 200);
});

Deno.test("picturesOf() takes a tensor apart into the pictures it was made of", () => {
  const bytes = (from: number) =>
    Uint8Array.from({ length: 6 * 3 }, (_, i) => 13 * i + from);
  const pictures = [
    createPicture(3, 2, bytes(0)),
    createPicture(3, 2, bytes(9)),
  ];
  const images = tf.tensor4d(toUnit(pictures), [2, 2, 3, 3]);
  assert.deepEqual(picturesOf(images), pictures);
});
