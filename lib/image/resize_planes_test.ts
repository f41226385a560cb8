import assert from "node:assert/strict";
import { assertClose } from "../run/assert_close.ts";
import {
  readSafetensorsHeader,
  readTensor,
  readTensorsF32,
} from "../run/safetensors.ts";
import { createPicture, type Picture } from "./picture.ts";
import { createPlanes, type Planes, toPlanes } from "./planes.ts";
import { resizeTorchBytes } from "./resize.ts";
import {
  resizePlanes,
  resizePlanesTf1,
  resizePlanesTorch,
} from "./resize_planes.ts";
import pillow from "./testdata/resize.json" with { type: "json" };

const HEADER = await readSafetensorsHeader(
  new URL("testdata/resize_planes.safetensors", import.meta.url).pathname,
);
const FLOATS = await readTensorsF32(HEADER);
const SOURCE = createPlanes(3, 11, 9, FLOATS.get("planes")!.data);

/** Resizes the fixture's source. */
type Resize<Filter> = (width: number, height: number, filter: Filter) => Planes;

/**
 * Calls `check` with what was found and what is wanted for each entry of a
 * tool, such as "pillow bicubic 5x4".
 */
function compare<Filter extends string>(
  tool: string,
  filters: readonly Filter[],
  resize: Resize<Filter>,
  check: (found: Float32Array, wanted: Float32Array, name: string) => void,
): void {
  let count = 0;
  for (const [name, { data, shape }] of FLOATS) {
    const [from, filter] = name.split(" ");
    const known = filters.find((one) => one === filter);
    if (from !== tool || !known) continue;
    const found = resize(shape[2], shape[1], known);
    assert.deepEqual([3, found.height, found.width], shape, name);
    check(found.data, data, name);
    count++;
  }
  assert.equal(count, 7 * filters.length);
}

Deno.test("resizePlanes() equals Pillow's mode F to the last bit, every filter", () => {
  compare(
    "pillow",
    ["box", "bilinear", "bicubic", "lanczos"],
    (width, height, filter) => resizePlanes(SOURCE, width, height, filter),
    (found, wanted, name) => assert.deepEqual(found, wanted, name),
  );
});

Deno.test("resizePlanesTf1() equals TensorFlow 1 to the last bit", () => {
  compare(
    "tf1",
    ["bilinear"],
    (width, height) => resizePlanesTf1(SOURCE, width, height),
    (found, wanted, name) => assert.deepEqual(found, wanted, name),
  );
});

Deno.test("resizePlanesTorch() is PyTorch's bilinear without antialiasing", () => {
  compare(
    "torch",
    ["bilinear"],
    (width, height) => resizePlanesTorch(SOURCE, width, height),
    (found, wanted, name) => assertClose(found, wanted, 2e-7, () => name),
  );
});

Deno.test("resizePlanes() is PyTorch's with antialiasing", () => {
  compare(
    "smooth",
    ["bilinear", "bicubic"],
    (width, height, filter) => resizePlanes(SOURCE, width, height, filter),
    (found, wanted, name) => assertClose(found, wanted, 2e-6, () => name),
  );
});

Deno.test("resizeTorchBytes() equals PyTorch byte for byte", async () => {
  const source = createPicture(
    11,
    9,
    Uint8Array.from(atob(pillow.data), (char) => char.charCodeAt(0)),
  );
  const planar = ({ width, height, data }: Picture) =>
    Uint8Array.from(
      { length: data.length },
      (_, i) =>
        data[(i % (width * height)) * 3 + Math.floor(i / width / height)],
    );
  let compared = 0;
  for (const [name, { shape }] of HEADER.tensors) {
    const [tool, filter] = name.split(" ");
    if (tool !== "bytes") continue;
    const mode = filter === "bicubic" ? "bicubic" : "bilinear";
    const found = resizeTorchBytes(source, shape[2], shape[1], mode);
    assert.deepEqual(planar(found), await readTensor(HEADER, name), name);
    compared++;
  }
  assert.equal(compared, 12);
});

Deno.test("resizing a row gives the known values of each convention", () => {
  const row = createPlanes(1, 4, 1, Float32Array.of(0, 100, 50, 200));
  const known: [Planes, number[]][] = [
    [resizePlanesTf1(row, 2, 1), [0, 50]],
    [resizePlanesTf1(row, 6, 1), [0, 66.666667, 83.333333, 50, 150, 200]],
    [resizePlanesTorch(row, 2, 1), [50, 125]],
    [resizePlanesTorch(row, 6, 1), [0, 50, 91.666667, 58.333333, 125, 200]],
    [resizePlanes(row, 2, 1, "bilinear"), [50, 121.428571]],
    [
      resizePlanes(row, 6, 1, "bilinear"),
      [0, 50, 91.666667, 58.333333, 125, 200],
    ],
    [resizePlanes(row, 2, 1, "bicubic"), [44.421488, 126.652893]],
    [
      resizePlanes(row, 6, 1, "bicubic"),
      [-6.578947, 50, 98.032407, 48.49537, 126.470588, 209.868421],
    ],
  ];
  for (const [{ data }, wanted] of known) assertClose(data, wanted, 1e-7);
});

Deno.test("resizePlanes() to the same size copies", () => {
  const out = resizePlanes(SOURCE, 11, 9, "lanczos");
  assert.deepEqual(out, SOURCE);
  assert.notEqual(out.data, SOURCE.data);
});

Deno.test("toPlanes() puts the colours apart", () => {
  const picture = createPicture(2, 1, Uint8Array.of(1, 2, 3, 4, 5, 6));
  assert.deepEqual(
    toPlanes(picture),
    createPlanes(3, 2, 1, Float32Array.of(1, 4, 2, 5, 3, 6)),
  );
});

Deno.test("createPlanes() refuses floats that don't fit", () => {
  assert.throws(
    () => createPlanes(3, 2, 2, new Float32Array(11)),
    /3 planes of 2x2 over 11 floats/,
  );
  assert.throws(() => createPlanes(0, 2, 2), RangeError);
  assert.throws(
    () => resizePlanes(SOURCE, 2.5, 3, "box"),
    /a side of 2.5: wanted a whole number from 1/,
  );
  assert.throws(() => resizePlanesTf1(SOURCE, 2, 0), /a side of 0/);
});
