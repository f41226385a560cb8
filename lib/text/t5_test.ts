import assert from "node:assert/strict";
import { input } from "../graph/ops.ts";
import { assertWithin } from "../run/assert_close.ts";
import { interpret } from "../run/interpret.ts";
import { loadWeights } from "../run/load_weights.ts";
import {
  readSafetensorsHeader,
  readTensor,
  readTensorsF32,
} from "../run/safetensors.ts";
import { createSession } from "../run/session.ts";
import { parseT5Config, T5_SIZES, type T5Config, t5Encoder } from "./t5.ts";
import { positionBuckets } from "./t5_buckets.ts";

const TESTDATA = new URL("testdata/", import.meta.url).pathname;

/** The encoders of make_t5.py. */
const TINY: Record<string, T5Config> = {
  "tiny_t5": {
    vocabulary: 100,
    width: 48,
    layers: 3,
    heads: 2,
    headWidth: 16,
    hidden: 64,
    feedForward: "gated-gelu",
    buckets: 32,
    farthest: 128,
    epsilon: 1e-6,
  },
};
TINY.tiny_t5_relu = { ...TINY.tiny_t5, feedForward: "relu" };

const outputs = (config: T5Config) => ({
  states: t5Encoder(
    config,
    input("ids", ["1B", 24], "int32"),
    input("mask", ["1B", 24]),
  ),
});

async function loadTiny(name: string) {
  const path = `${TESTDATA}${name}.safetensors`;
  const header = await readSafetensorsHeader(path);
  const tensors = await readTensorsF32(header);
  const feeds = {
    ids: await readTensor(header, "ids") as Int32Array,
    mask: tensors.get("mask")!.data,
  };
  return { path, tensors, feeds, states: tensors.get("states")!.data };
}

for (const [name, config] of Object.entries(TINY)) {
  Deno.test(`t5Encoder() gives the reference's states of ${name} on ONNX Runtime`, async () => {
    const { path, feeds, states } = await loadTiny(name);
    const session = await createSession(
      outputs(config),
      await loadWeights(path),
    );
    const results = await session.run(feeds);
    await session.release();
    assertWithin(results.states.data, states, 1e-4);
  });

  Deno.test(`t5Encoder() gives the reference's states of ${name} on TensorFlow.js`, async () => {
    const { tensors, feeds, states } = await loadTiny(name);
    const parameters = (name: string) => tensors.get(name)?.data;
    const results = interpret(outputs(config), feeds, parameters);
    assertWithin(results.states.dataSync(), states, 1e-4);
    results.states.dispose();
  });
}

Deno.test("t5Encoder()'s states of a text don't depend on what fills it up", async () => {
  const { path, feeds } = await loadTiny("tiny_t5");
  const session = await createSession(
    outputs(TINY.tiny_t5),
    await loadWeights(path),
  );
  const other = feeds.ids.map((id, i) => feeds.mask[i] === 1 ? id : 99 - id);
  const run = async (ids: Int32Array) => {
    const { states: { data } } = await session.run({ ...feeds, ids });
    return [...data].filter((_, i) => feeds.mask[Math.floor(i / 48)] === 1);
  };
  assert.deepEqual(await run(other), await run(feeds.ids));
  await session.release();
});

Deno.test("positionBuckets() tells distances apart as the reference does", async () => {
  const tables: Record<string, number[]> = JSON.parse(
    await Deno.readTextFile(`${TESTDATA}t5_buckets.json`),
  );
  assert.equal(Object.keys(tables).length, 4);
  for (const [sizes, table] of Object.entries(tables)) {
    const [buckets, farthest] = sizes.split(" ").map(Number);
    const kinds = positionBuckets(601, buckets, farthest);
    // The first reader sees the distances from 0 on, the last those to 0.
    assert.deepEqual([...kinds.subarray(0, 601)], table.slice(600), sizes);
    assert.deepEqual([...kinds.subarray(-601)], table.slice(0, 601), sizes);
  }
});

/** Of google/t5-v1_1-small, with the fields that are read and some others. */
const SMALL = {
  architectures: ["T5ForConditionalGeneration"],
  d_ff: 1024,
  d_kv: 64,
  d_model: 512,
  feed_forward_proj: "gated-gelu",
  layer_norm_epsilon: 1e-6,
  model_type: "t5",
  num_decoder_layers: 8,
  num_heads: 6,
  num_layers: 8,
  relative_attention_num_buckets: 32,
  vocab_size: 32128,
};

Deno.test("parseT5Config() reads the published configurations", () => {
  assert.deepEqual(parseT5Config(SMALL), T5_SIZES.small);
  const { feed_forward_proj: _, ...original } = SMALL;
  const changed = { ...original, relative_attention_max_distance: 64 };
  assert.deepEqual(parseT5Config(changed), {
    ...T5_SIZES.small,
    feedForward: "relu",
    farthest: 64,
  });
});

Deno.test("parseT5Config() says what it can't use", () => {
  const wrong: [Record<string, unknown>, RegExp][] = [
    [
      { model_type: "umt5" },
      /load the T5: "model_type" .* "umt5", wanted "t5"/,
    ],
    [{ feed_forward_proj: "gated-silu" }, /wanted "relu" or "gated-gelu"/],
    [{ d_kv: undefined }, /"d_kv" .* undefined, wanted a whole number/],
    [{ layer_norm_epsilon: "small" }, /is "small", wanted a finite number/],
  ];
  for (const [change, message] of wrong) {
    assert.throws(() => parseT5Config({ ...SMALL, ...change }), message);
  }
});
