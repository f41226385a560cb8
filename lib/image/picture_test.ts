import assert from "node:assert/strict";
import {
  createPicture,
  fromPlanar,
  fromPlanarBatch,
  writePlanar,
} from "./picture.ts";

Deno.test("createPicture() is black, or takes bytes of the right number", () => {
  const { data } = createPicture(3, 2);
  assert.deepEqual(data, new Uint8Array(18));
  assert.throws(
    () => createPicture(3, 2, new Uint8Array(17)),
    /takes 18 bytes, but 17/,
  );
  assert.throws(() => createPicture(0, 2), /0x2/);
  assert.throws(() => createPicture(1, 70_000), /1x70000/);
});

Deno.test("writePlanar() puts channels apart and scales to -1..1", () => {
  const picture = createPicture(2, 1, Uint8Array.of(0, 51, 255, 255, 102, 0));
  const out = new Float32Array(6);
  writePlanar(picture, out);
  const wanted = [-1, 1, -0.6, -0.2, 1, -1].map(Math.fround);
  assert.deepEqual([...out], wanted);
  assert.throws(() => writePlanar(picture, new Float32Array(5)), /fills 6/);
});

Deno.test("fromPlanar() brings every byte back and clips what is beyond", () => {
  const bytes = Uint8Array.from({ length: 258 }, (_, i) => i % 256);
  const picture = createPicture(43, 2, bytes);
  const values = new Float32Array(258);
  writePlanar(picture, values);
  assert.deepEqual(fromPlanar(values, 43, 2), picture);
  const beyond = fromPlanar(Float32Array.of(-2, 0, 7), 1, 1);
  assert.deepEqual([...beyond.data], [0, 128, 255]);
  assert.throws(() => fromPlanar(values, 43, 3), /387 floats/);
});

Deno.test("fromPlanarBatch() takes a batch apart, and no part of a picture", () => {
  const values = Float32Array.from({ length: 12 }, (_, i) => i / 6 - 1);
  assert.deepEqual(fromPlanarBatch(values, 2, 1), [
    fromPlanar(values.subarray(0, 6), 2, 1),
    fromPlanar(values.subarray(6), 2, 1),
  ]);
  assert.deepEqual(fromPlanarBatch(new Float32Array(0), 2, 1), []);
  assert.throws(() => fromPlanarBatch(values.subarray(1), 2, 1), /6 floats/);
});
