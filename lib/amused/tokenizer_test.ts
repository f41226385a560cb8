/** The published layout of aMUSEd's tokenizer, against diffusers'. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { input } from "../graph/ops.ts";
import { assertWithin } from "../run/assert_close.ts";
import { compute } from "../run/compute.ts";
import { loadWeights } from "../run/load_weights.ts";
import { pictureTokens, tokenPictures } from "../vqgan/network.ts";
import { loadVqModel, parseVqModelConfig } from "../vqgan/published.ts";
import { recorded, recordedTokens, tinyFolder } from "./parity.ts";

async function find(name: "tiny-256" | "tiny-512", variant = "") {
  const folder = join(tinyFolder(name), "vqvae");
  const path = join(folder, "config.json");
  const json = JSON.parse(await Deno.readTextFile(path));
  const config = parseVqModelConfig(json, path, 64);
  const file = `diffusion_pytorch_model${variant}.safetensors`;
  return { config, file: join(folder, file) };
}

async function load(...which: Parameters<typeof find>) {
  const { config, file } = await find(...which);
  return await loadVqModel(config, file);
}

/** From 0..1 to -1..1. */
const signed = (values: Float32Array) => values.map((value) => 2 * value - 1);

for (const name of ["tiny-256", "tiny-512"] as const) {
  Deno.test(`loadVqModel() gives the reference's tokens and pictures, ${name}`, async () => {
    const tokenizer = await load(name);
    const pictures = recorded(`${name}/pictures`);
    const [, , height, width] = pictures.shape;
    const ids = await tokenizer.encode(signed(pictures.data), [height, width]);
    const wanted = await recordedTokens(`${name}/codes`);
    assert.deepEqual(ids, wanted);
    assert.ok(new Set(ids).size > 5);
    const rebuilt = await tokenizer.decode(ids, [height / 16, width / 16]);
    const expected = recorded(`${name}/rebuilt`);
    assertWithin(rebuilt.map((x) => (x + 1) / 2), expected.data, 1e-4);
    await tokenizer.release();
  });
}

Deno.test("the networks of a VQModel give the reference's on TensorFlow.js", async () => {
  const { config, file } = await find("tiny-256");
  const { data, shape: [, , height, width] } = recorded("tiny-256/pictures");
  const source = input("pictures", ["1B", 3, height, width]);
  const ids = input("ids", ["1B", height * width / 256], "int32");
  const wanted = await recordedTokens("tiny-256/codes");
  const found = await compute(
    {
      codes: pictureTokens(config, source),
      rebuilt: tokenPictures(config, ids, 3),
    },
    { pictures: signed(data), ids: wanted },
    { weights: await loadWeights(file), by: "tensorflow" },
  );
  assert.deepEqual([...found.codes.dataSync()], [...wanted]);
  const rebuilt = found.rebuilt.dataSync().map((x) => (x + 1) / 2);
  assertWithin(rebuilt, recorded("tiny-256/rebuilt").data, 1e-4);
  Object.values(found).forEach((tensor) => tensor.dispose());
});

Deno.test("loadVqModel() reads float16 files, widened to float32", async () => {
  const tokenizer = await load("tiny-256", ".fp16");
  const ids = await recordedTokens("tiny-256/codes");
  const rebuilt = await tokenizer.decode(ids, [3, 2]);
  const expected = recorded("tiny-256/rebuilt fp16");
  assertWithin(rebuilt.map((x) => (x + 1) / 2), expected.data, 1e-3);
  await tokenizer.release();
});

Deno.test("parseVqModelConfig() names the field that is wrong", async () => {
  const path = join(tinyFolder("tiny-256"), "vqvae", "config.json");
  const json = JSON.parse(await Deno.readTextFile(path));
  const wrongs: Record<string, unknown> = {
    in_channels: 4,
    act_fn: "gelu",
    norm_type: "spatial",
    lookup_from_codebook: false,
    mid_block_add_attention: true,
    up_block_types: ["UpDecoderBlock2D"],
    layers_per_block: 0,
    vq_embed_dim: 8,
    norm_num_groups: 3,
    num_vq_embeddings: "32",
  };
  for (const [field, value] of Object.entries(wrongs)) {
    assert.throws(
      () => parseVqModelConfig({ ...json, [field]: value }, path, 64),
      (error: Error) =>
        error.message.includes(`"${field}"`) && error.message.includes(path),
      field,
    );
  }
});
