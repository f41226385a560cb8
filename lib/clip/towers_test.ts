/** CLIP's towers against the reference's, on both engines. */

import assert from "node:assert/strict";
import type { Node } from "../graph/node.ts";
import { input, parameter } from "../graph/ops.ts";
import { assertWithin } from "../run/assert_close.ts";
import { checkWeights } from "../run/check_weights.ts";
import { compute, type Executor } from "../run/compute.ts";
import { loadWeights } from "../run/load_weights.ts";
import {
  type FloatTensor,
  readSafetensorsHeader,
  readTensor,
  readTensorsF32,
} from "../run/safetensors.ts";
import type { Weights } from "../run/weights.ts";
import { parseClipConfig, parseClipTextConfig } from "./config.ts";
import { openAiClipConfig, renameOpenAiClip } from "./openai.ts";
import { clipTextTower } from "./text_tower.ts";
import { clipVisionTower } from "./vision_tower.ts";

const FOLDER = new URL("testdata/", import.meta.url).pathname;
const ENGINES: readonly Executor[] = ["onnxruntime", "tensorflow"];

const readConfig = (name: string) =>
  JSON.parse(Deno.readTextFileSync(`${FOLDER}${name}/config.json`));

/** What a fixture was fed and gave. */
async function readOutputs(name: string) {
  const header = await readSafetensorsHeader(
    `${FOLDER}${name}_outputs.safetensors`,
  );
  const ids = await readTensor(header, "ids") as Int32Array;
  return { ids, tensors: await readTensorsF32(header) };
}

/** Asserts on both engines that outputs are those of the same name. */
async function assertOutputs(
  outputs: Readonly<Record<string, Node>>,
  feeds: Readonly<Record<string, Int32Array | Float32Array>>,
  weights: Weights,
  wanted: ReadonlyMap<string, FloatTensor>,
  tolerance: number,
): Promise<void> {
  for (const by of ENGINES) {
    const results = await compute(outputs, feeds, { weights, by });
    for (const [name, tensor] of Object.entries(results)) {
      const { shape, data } = wanted.get(name)!;
      assert.deepEqual(tensor.shape, shape, `${name} by ${by}`);
      const about = () => `${name} by ${by}`;
      assertWithin(await tensor.data(), data, tolerance, about);
      tensor.dispose();
    }
  }
}

const ids = input("ids", ["1B", 16], "int32");
const pixels = input("pixels", ["1B", 3, 32, 32]);

Deno.test("clipTextTower() and clipVisionTower() give the reference's outputs", async () => {
  const { text, vision } = parseClipConfig(readConfig("tiny"));
  const texts = clipTextTower(text, ids);
  const pictures = clipVisionTower(vision, pixels);
  const outputs = {
    text_penultimate: texts.states.at(-2)!,
    text_last: texts.last,
    text_pooled: texts.pooled,
    text_embedding: texts.embedding,
    vision_last: pictures.states.at(-1)!,
    vision_pooled: pictures.pooled,
    image_embedding: pictures.embedding,
  };
  const path = `${FOLDER}tiny/model.safetensors`;
  const weights = await loadWeights(path);
  checkWeights(
    path,
    weights,
    [...Object.values(outputs), parameter("logit_scale", [])],
  );
  const { ids: textIds, tensors } = await readOutputs("tiny");
  const feeds = { ids: textIds, pixels: tensors.get("pixels")!.data };
  // The two towers are fed batches of different sizes.
  const [own, others] = [true, false].map((isText) =>
    Object.fromEntries(
      Object.entries(outputs)
        .filter(([name]) => name.startsWith("text") === isText),
    )
  );
  await assertOutputs(own, feeds, weights, tensors, 1e-5);
  await assertOutputs(others, feeds, weights, tensors, 1e-5);
});

Deno.test("clipTextTower() gives the outputs of a tower alone, in float16 and PyTorch's format", async () => {
  const config = parseClipTextConfig(readConfig("tiny_text"));
  assert.deepEqual(config.pooling, { kind: "first", id: 813 });
  const { states, last, embedding } = clipTextTower(config, ids);
  const path = `${FOLDER}tiny_text/pytorch_model.bin`;
  const weights = await loadWeights(path);
  checkWeights(path, weights, [embedding]);
  const { ids: textIds, tensors } = await readOutputs("tiny_text");
  const outputs = { penultimate: states.at(-2)!, last, embedding };
  await assertOutputs(outputs, { ids: textIds }, weights, tensors, 1e-5);
});

Deno.test("the towers give the outputs of OpenAI's layout, in float16 and TorchScript", async () => {
  const path = `${FOLDER}tiny_openai.pt`;
  const published = await loadWeights(path);
  const weights = renameOpenAiClip(published);
  const { text, vision } = openAiClipConfig(published);
  const texts = clipTextTower(text, ids, "openai").embedding;
  const pictures = clipVisionTower(vision, pixels, "openai").embedding;
  checkWeights(path, weights, [texts, pictures, parameter("logit_scale", [])]);
  const { ids: textIds, tensors } = await readOutputs("tiny_openai");
  const feeds = { ids: textIds, pixels: tensors.get("pixels")!.data };
  const check = (outputs: Record<string, Node>) =>
    assertOutputs(outputs, feeds, weights, tensors, 1e-5);
  await check({ text_embedding: texts });
  await check({ image_embedding: pictures });
});

Deno.test("clipTextTower() reads the end of a text that was cut, by either rule", async () => {
  const config = parseClipConfig(readConfig("tiny")).text;
  const weights = await loadWeights(`${FOLDER}tiny/model.safetensors`);
  const texts = [
    [812, 5, 7, 813],
    [812, 7, 813, 813], // what fills it up is the end once more
    [812, 7, 7, 9],
    [3, 5, 6, 9],
  ];
  const short = input("ids", ["1B", 4], "int32");
  const largest = clipTextTower(config, short);
  const first = clipTextTower(
    { ...config, pooling: { kind: "first", id: 7 } },
    short,
  );
  const results = await compute(
    { last: largest.last, largest: largest.pooled, first: first.pooled },
    { ids: Int32Array.from(texts.flat()) },
    { weights },
  );
  const width = config.width;
  const last = await results.last.data();
  const at = (
    row: number,
    place: number,
  ) => [
    ...last.slice((row * 4 + place) * width, (row * 4 + place + 1) * width),
  ];
  const wanted = {
    largest: [at(0, 3), at(1, 2), at(2, 0), at(3, 3)],
    first: [at(0, 2), at(1, 1), at(2, 1), at(3, 0)],
  };
  for (const rule of ["largest", "first"] as const) {
    assert.deepEqual([...await results[rule].data()], wanted[rule].flat());
  }
  for (const tensor of Object.values(results)) tensor.dispose();
});

Deno.test("clipTextTower() doesn't look at what comes after", async () => {
  const config = parseClipConfig(readConfig("tiny")).text;
  const weights = await loadWeights(`${FOLDER}tiny/model.safetensors`);
  const { last } = clipTextTower(config, input("ids", ["1B", 3], "int32"));
  const run = async (...ids: number[]) => {
    const feeds = { ids: Int32Array.from(ids) };
    const results = await compute({ last }, feeds, { weights });
    const data = [...await results.last.data()];
    results.last.dispose();
    return data.slice(0, 2 * config.width);
  };
  assert.deepEqual(await run(812, 4, 5), await run(812, 4, 800));
});

Deno.test("clipTextTower() refuses texts longer than its positions", () => {
  const config = parseClipConfig(readConfig("tiny")).text;
  assert.throws(
    () => clipTextTower(config, input("ids", ["1B", 17], "int32")),
    /found texts of 17 ids, wanted at most its 16 positions/,
  );
});
