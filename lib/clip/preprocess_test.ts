import assert from "node:assert/strict";
import { decodeAsPillow } from "../image/decode_pillow.ts";
import { createPicture } from "../image/picture.ts";
import { assertClose } from "../run/assert_close.ts";
import {
  readSafetensorsHeader,
  readTensor,
  readTensorsF32,
} from "../run/safetensors.ts";
import {
  type ClipConvention,
  clipCrop,
  clipPixels,
  writeNormalized,
} from "./preprocess.ts";

const SIZE = 12;

/** How far from the reference: they order the normalization differently. */
const TOLERANCES: Readonly<Record<ClipConvention, number>> = {
  openai: 0,
  "transformers-pil": 2e-7,
  transformers: 2e-7,
};

const CONVENTIONS = Object.keys(TOLERANCES) as ClipConvention[];

Deno.test("clipPixels() gives each reference's pixels", async () => {
  const header = await readSafetensorsHeader(
    new URL("testdata/preprocess.safetensors", import.meta.url).pathname,
  );
  const floats = await readTensorsF32(header);
  let compared = 0;
  for (const [name, { shape }] of header.tensors) {
    const [what, size] = name.split(" ");
    if (what !== "picture") continue;
    const data = await readTensor(header, name) as Uint8Array;
    const picture = createPicture(shape[1], shape[0], data);
    for (const convention of CONVENTIONS) {
      const tolerance = TOLERANCES[convention];
      const found = clipPixels([picture], SIZE, { convention });
      const wanted = floats.get(`${convention} ${size}`)!.data;
      assertClose(found, wanted, tolerance, () => `${convention} ${size}`);
      compared++;
    }
  }
  assert.equal(compared, 24);
});

/** How pictures are stored that OpenAI's resizes to others: see preprocess.ts. */
const RESIZED_AS_STORED = [
  ...["palette.png", "black_white.png", "clear.png", "clear_grey.png"],
  ...["grey_16.png", "cmyk.jpg"],
];

Deno.test("clipCrop() resizes what is RGB, however it was stored", async () => {
  const header = await readSafetensorsHeader(
    new URL("testdata/stored.safetensors", import.meta.url).pathname,
  );
  const read = async (name: string) =>
    await readTensor(header, name) as Uint8Array;
  const different: string[] = [];
  for (const key of header.tensors.keys()) {
    const [, name] = /^file (.+)$/.exec(key) ?? [];
    if (name === undefined) continue;
    const { data } = clipCrop(await decodeAsPillow(await read(key)), SIZE);
    assert.deepEqual(data, await read(`rgb first ${name}`), name);
    const other = await read(`resized first ${name}`);
    if (data.some((byte, i) => byte !== other[i])) different.push(name);
  }
  assert.deepEqual(different.sort(), RESIZED_AS_STORED.toSorted());
});

Deno.test("clipPixels() puts pictures of any size into one batch", () => {
  const pictures = [createPicture(5, 9), createPicture(30, 7)];
  const pixels = clipPixels(pictures, 4);
  assert.equal(pixels.length, 2 * 3 * 4 * 4);
  assert.deepEqual(pixels.slice(0, 48), clipPixels([pictures[0]], 4));
});

Deno.test("clipCrop() cuts half a pixel's rest by each convention", () => {
  const row = Uint8Array.from({ length: 7 * 3 }, (_, i) => Math.floor(i / 3));
  const data = new Uint8Array(4 * row.length);
  for (let y = 0; y < 4; y++) data.set(row, y * row.length);
  const picture = createPicture(7, 4, data); // three columns too many
  assert.equal(clipCrop(picture, 4, "openai").data[0], 2);
  assert.equal(clipCrop(picture, 4, "transformers").data[0], 1);
  assert.equal(clipCrop(picture, 4, "transformers-pil").data[0], 1);
});

Deno.test("writeNormalized() refuses an array of another length", () => {
  assert.throws(
    () => writeNormalized(createPicture(2, 2), new Float32Array(11)),
    /fills 12 floats, but the array holds 11/,
  );
});
