/** DINOv2 against its authors' code and transformers, on both engines. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { input } from "../../lib/graph/ops.ts";
import { createPicture, type Picture } from "../../lib/image/picture.ts";
import { assertWithin } from "../../lib/run/assert_close.ts";
import { compute } from "../../lib/run/compute.ts";
import { loadWeights } from "../../lib/run/load_weights.ts";
import {
  readSafetensorsHeader,
  readTensorsF32,
} from "../../lib/run/safetensors.ts";
import { withFolder } from "../../lib/run/temp_folder.ts";
import { dinoNetwork } from "./dino.ts";
import { dinoConfig, type DinoLayout } from "./dino_config.ts";
import { bicubicWeights, type DinoPositions } from "./dino_positions.ts";
import { DINO_SIZE, dinoPixels } from "./dino_pixels.ts";
import { loadDino } from "./load_dino.ts";

const FOLDER = new URL("testdata/", import.meta.url).pathname;

/** A published layout, who made its outputs, and sizes. */
interface Fixture {
  readonly path: string;
  readonly layout: DinoLayout;
  readonly positions: DinoPositions;
  readonly heads: number;
  readonly width: number;
}

const FIXTURES: readonly Fixture[] = [
  {
    path: join(FOLDER, "tiny_dino"),
    layout: "huggingface",
    positions: "transformers",
    heads: 4,
    width: 32,
  },
  {
    path: join(FOLDER, "tiny_dino.pth"),
    layout: "original",
    positions: "original",
    heads: 2,
    width: 128,
  },
];

async function wanted(layout: DinoLayout): Promise<Float32Array> {
  const path = join(FOLDER, `tiny_dino_${layout}_outputs.safetensors`);
  const tensors = await readTensorsF32(await readSafetensorsHeader(path));
  return tensors.get("features")!.data;
}

/** The pictures of testdata/make_tiny_dino.py. */
function makePicture(b: number): Picture {
  const picture = createPicture(260, 190);
  for (let y = 0, at = 0; y < 190; y++) {
    for (let x = 0; x < 260; x++) {
      for (let c = 0; c < 3; c++) {
        picture.data[at++] = (x * x + 3 * x * y + 5 * y * y + 7 * y * b +
          50 * c + 11 * b) % 256;
      }
    }
  }
  return picture;
}

const PICTURES = [makePicture(0), makePicture(1)];

for (const { path, layout, positions, heads, width } of FIXTURES) {
  Deno.test(`loadDino() gives the reference's features, ${layout} layout`, async () => {
    const dino = await loadDino(path, { positions });
    const found = await dino.features(PICTURES);
    assertWithin(found, await wanted(layout), 2e-5);
    assert.equal(dino.config.heads, heads);
    assert.equal(dino.width, width);
    // The two ways to stretch positions are told apart.
    const other = positions === "original" ? "transformers" : "original";
    const others = await loadDino(path, { positions: other });
    const differing = await others.features(PICTURES);
    assert.throws(() => assertWithin(differing, found, 1e-4));
    await Promise.all([dino.release(), others.release()]);
  });

  Deno.test(`dinoNetwork() gives the reference's features on TensorFlow.js, ${layout} layout`, async () => {
    const weights = await loadWeights(path);
    const config = dinoConfig(path, weights, heads);
    const pixels = input("pixels", ["1B", 3, DINO_SIZE, DINO_SIZE]);
    const { features } = dinoNetwork(config, pixels, layout, positions);
    const feeds = { pixels: dinoPixels(PICTURES.slice(0, 1)) };
    const by = "tensorflow";
    const results = await compute({ features }, feeds, { weights, by });
    const first = (await wanted(layout)).subarray(0, width);
    assertWithin(await results.features.data(), first, 2e-5);
    results.features.dispose();
  });
}

Deno.test("loadDino() gives the same features whatever the batch", async () => {
  const pictures = [...PICTURES, makePicture(2)];
  const dino = await loadDino(FIXTURES[0].path);
  const whole = await dino.features(pictures, { batch: 3 });
  assert.deepEqual(await dino.features(pictures, { batch: 2 }), whole);
  assert.deepEqual(await dino.features(pictures, { batch: 1 }), whole);
  await dino.release();
  await assert.rejects(dino.features(pictures), /it was released/);
});

Deno.test("bicubicWeights() sum to one and keep places on a grid of the same size", () => {
  assert.deepEqual(
    [...bicubicWeights(3, 3, 1)],
    [1, 0, 0, 0, 1, 0, 0, 0, 1],
  );
  const weights = bicubicWeights(37, 16, 16.1 / 37);
  for (let row = 0; row < 16; row++) {
    const sum = weights.subarray(37 * row, 37 * row + 37)
      .reduce((a, b) => a + b);
    assert.ok(Math.abs(sum - 1) < 1e-6, `${sum}`);
  }
});

Deno.test("loadDino() refuses what is no DINOv2, and says what it wants", () =>
  withFolder(async (folder) => {
    await assert.rejects(
      loadDino(join(FOLDER, "narrow_inception.pth")),
      /there is no "pos_embed", .* take dinov2_vitl14_pretrain.pth/,
    );
    const [{ path }] = FIXTURES;
    await Deno.copyFile(
      join(path, "model.safetensors"),
      join(folder, "model.safetensors"),
    );
    await assert.rejects(loadDino(folder), Deno.errors.NotFound);
    const config = join(folder, "config.json");
    await Deno.writeTextFile(config, `{"num_attention_heads": 0.5}`);
    await assert.rejects(loadDino(folder), /is 0.5, wanted a whole number/);
    await Deno.writeTextFile(config, `{"num_attention_heads": 5}`);
    await assert.rejects(
      loadDino(folder),
      /found 82 positions, width 32 and 5/,
    );
  }));
