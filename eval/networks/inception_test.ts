/** FID's Inception against pytorch-fid's, on both engines. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { input, parameter } from "../../lib/graph/ops.ts";
import { cutBox } from "../../lib/image/cut.ts";
import { createPicture, type Picture } from "../../lib/image/picture.ts";
import { assertClose, assertWithin } from "../../lib/run/assert_close.ts";
import { compute } from "../../lib/run/compute.ts";
import { loadWeights } from "../../lib/run/load_weights.ts";
import { randomWeights, weightEntries } from "../../lib/run/random_weights.ts";
import {
  readSafetensorsHeader,
  readTensorsF32,
  writeSafetensors,
} from "../../lib/run/safetensors.ts";
import { withFolder } from "../../lib/run/temp_folder.ts";
import { inceptionNetwork, type InceptionOutput } from "./inception.ts";
import { inceptionPixels, type InceptionResize } from "./inception_pixels.ts";
import { inceptionConfig, loadInception } from "./load_inception.ts";

const FOLDER = new URL("testdata/", import.meta.url).pathname;
const PATH = join(FOLDER, "narrow_inception.pth");
const REFERENCE = await readTensorsF32(
  await readSafetensorsHeader(
    join(FOLDER, "narrow_inception_outputs.safetensors"),
  ),
);
const WIDTHS: Readonly<Record<InceptionOutput, number>> = {
  "64": 4,
  "192": 12,
  "768": 48,
  "2048": 128,
  logits: 63,
  logits_unbiased: 63,
};
const NAMES = Object.keys(WIDTHS) as InceptionOutput[];
const SIZE = 299;

/** The pictures of testdata/make_narrow_inception.py. */
function makePicture(b: number): Picture {
  const picture = createPicture(SIZE, SIZE);
  for (let y = 0, at = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      for (let c = 0; c < 3; c++) {
        picture.data[at++] = (x * x + 3 * x * y + 5 * y * y + 7 * y * b +
          50 * c + 11 * b) % 256;
      }
    }
  }
  return picture;
}

const PICTURES = [makePicture(0), makePicture(1)];

Deno.test("loadInception() gives pytorch-fid's outputs of the published layout", async () => {
  const inception = await loadInception(PATH, { resize: "tf1" });
  const found = await inception.outputs(PICTURES, NAMES);
  for (const name of NAMES) {
    const { data, shape } = REFERENCE.get(name)!;
    assert.deepEqual([2, WIDTHS[name]], shape);
    assertWithin(found[name], data, 1e-4, () => name);
  }
  assert.deepEqual(await inception.features(PICTURES), found["2048"]);
  const pixels = inceptionPixels(PICTURES, "tf1");
  assert.deepEqual(await inception.outputsOf(pixels, NAMES), found);
  assert.deepEqual(inception.config, { divisor: 16, classes: 63 });
  assert.equal(inception.width, 128);
  await inception.release();
});

Deno.test("inceptionNetwork() gives pytorch-fid's outputs on TensorFlow.js", async () => {
  const weights = await loadWeights(PATH);
  const pixels = input("pixels", ["1B", 3, SIZE, SIZE]);
  const nodes = inceptionNetwork(inceptionConfig(PATH, weights), pixels);
  const feeds = { pixels: inceptionPixels(PICTURES.slice(0, 1), "tf1") };
  const results = await compute(nodes, feeds, { weights, by: "tensorflow" });
  for (const name of NAMES) {
    const wanted = REFERENCE.get(name)!.data.subarray(0, WIDTHS[name]);
    assertWithin(await results[name].data(), wanted, 1e-4, () => name);
    results[name].dispose();
  }
});

Deno.test("loadInception() prepares pictures as pytorch-fid does", async () => {
  const small = PICTURES.map((picture) =>
    cutBox(picture, { x: 0, y: 0, width: 120, height: 200 })
  );
  const inception = await loadInception(PATH);
  const found = await inception.features(small);
  assertWithin(found, REFERENCE.get("resized")!.data, 1e-4);
  await inception.release();
});

Deno.test("loadInception() gives the same features whatever the batch", async () => {
  const pictures = [...PICTURES, makePicture(2)];
  const inception = await loadInception(PATH);
  const whole = await inception.features(pictures, { batch: 3 });
  assert.deepEqual(await inception.features(pictures, { batch: 2 }), whole);
  assert.deepEqual(await inception.features(pictures, { batch: 1 }), whole);
  assert.equal((await inception.features([])).length, 0);
  await assert.rejects(
    inception.features(pictures, { batch: 0 }),
    /Cannot measure 0 pictures at a time/,
  );
  await inception.release();
  await assert.rejects(inception.features(pictures), /it was released/);
});

Deno.test("inceptionPixels() scales bytes as each tool does", () => {
  const data = Uint8Array.of(0, 128, 255, 1, 2, 3);
  const picture = createPicture(2, 1, data);
  const plane = SIZE * SIZE;
  const corners = (resize: InceptionResize) => {
    const pixels = inceptionPixels([picture, picture], resize);
    assert.equal(pixels.length, 6 * plane);
    assert.deepEqual(pixels.subarray(3 * plane), pixels.subarray(0, 3 * plane));
    return [0, 1, 2].map((channel) => pixels[channel * plane]);
  };
  assert.deepEqual(corners("tf1"), [-1, 0, 127 / 128]);
  assert.deepEqual(corners("torchmetrics"), [-1, 0, 127 / 128]);
  assertClose(corners("torch"), [-1, 128 / 127.5 - 1, 1], 1e-7);
  // Bicubic goes beyond 0 and 255 at the corners, and is cut.
  const clean = corners("clean");
  assert.deepEqual([clean[0], clean[2]], [-1, 127 / 128]);
});

Deno.test("loadInception() refuses other networks, and says what it wants", () =>
  withFolder(async (folder) => {
    const path = join(folder, "other.safetensors");
    const write = (divisor: number, classes: number) => {
      const shapes = [
        parameter("Conv2d_1a_3x3.conv.weight", [32 / divisor, 3, 3, 3]),
        parameter("fc.weight", [classes, 2048 / divisor]),
      ];
      return writeSafetensors(path, weightEntries(randomWeights("", shapes)));
    };
    await write(32, 1008);
    await assert.rejects(
      loadInception(path),
      /found 1 channels .* wanted 32, or 32 divided by 2 to 16/,
    );
    await write(16, 63);
    await assert.rejects(loadInception(path), /470 missing/);
  }));
