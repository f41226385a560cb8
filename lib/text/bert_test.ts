import assert from "node:assert/strict";
import { input } from "../graph/ops.ts";
import { assertWithin } from "../run/assert_close.ts";
import { interpret } from "../run/interpret.ts";
import { loadWeights, readWeightsF32 } from "../run/load_weights.ts";
import { readSafetensorsHeader, readTensor } from "../run/safetensors.ts";
import { createSession } from "../run/session.ts";
import { type BertConfig, bertStates, parseBertConfig } from "./bert.ts";

const TINY_FILE = new URL("testdata/tiny_bert.safetensors", import.meta.url);
const MINI_CONFIG = JSON.parse(
  Deno.readTextFileSync(
    new URL("../../weights/text/config.json", import.meta.url),
  ),
);

const TINY: BertConfig = {
  vocabulary: 100,
  width: 32,
  layers: 2,
  heads: 2,
  hidden: 64,
  positions: 16,
  types: 2,
  epsilon: 1e-12,
};
const ids = input("ids", ["1B", 8], "int32");
const mask = input("mask", ["1B", 8]);
const OUTPUTS = Object.fromEntries(
  bertStates(TINY, ids, mask).map((state, i) => [`states.${i}`, state]),
);

async function loadTiny() {
  const header = await readSafetensorsHeader(TINY_FILE.pathname);
  const tensors = await readWeightsF32(header);
  const feeds = {
    ids: await readTensor(header, "ids") as Int32Array,
    mask: tensors.get("mask")!.data,
  };
  return { tensors, feeds };
}

Deno.test("bertStates() gives the reference's states on ONNX Runtime", async () => {
  const { tensors, feeds } = await loadTiny();
  const weights = await loadWeights(TINY_FILE.pathname);
  const session = await createSession(OUTPUTS, weights);
  const results = await session.run(feeds);
  await session.release();
  for (const name of Object.keys(OUTPUTS)) {
    assertWithin(results[name].data, tensors.get(name)!.data, 1e-5, () => name);
  }
});

Deno.test("bertStates() gives the reference's states on TensorFlow.js", async () => {
  const { tensors, feeds } = await loadTiny();
  const parameters = (name: string) => tensors.get(name)?.data;
  const results = interpret(OUTPUTS, feeds, parameters);
  for (const [name, tensor] of Object.entries(results)) {
    assertWithin(tensor.dataSync(), tensors.get(name)!.data, 1e-5, () => name);
    tensor.dispose();
  }
});

Deno.test("bertStates() of a text don't depend on what fills it up", async () => {
  const { feeds } = await loadTiny();
  const session = await createSession(
    OUTPUTS,
    await loadWeights(TINY_FILE.pathname),
  );
  const other = feeds.ids.map((id, i) => feeds.mask[i] === 1 ? id : 99 - id);
  const run = async (ids: Int32Array) => {
    const { "states.2": { data } } = await session.run({ ...feeds, ids });
    return [...data].filter((_, i) => feeds.mask[Math.floor(i / 32)] === 1);
  };
  assert.deepEqual(await run(other), await run(feeds.ids));
  await session.release();
});

Deno.test("bertStates() refuses texts longer than its positions", () => {
  const ids = input("ids", ["1B", 17], "int32");
  assert.throws(
    () => bertStates(TINY, ids, input("mask", ["1B", 17])),
    /found texts of 17 ids, wanted at most its 16 positions/,
  );
});

Deno.test("parseBertConfig() reads the published configuration", () => {
  assert.deepEqual(parseBertConfig(MINI_CONFIG), {
    vocabulary: 30522,
    width: 384,
    layers: 6,
    heads: 12,
    hidden: 1536,
    positions: 512,
    types: 2,
    epsilon: 1e-12,
  });
});

Deno.test("parseBertConfig() says what it can't use", () => {
  const wrong: [Record<string, unknown>, RegExp][] = [
    [
      { model_type: "t5" },
      /"model_type" of its network is "t5", wanted "bert"/,
    ],
    [{ hidden_act: "relu" }, /"hidden_act" of its network is "relu"/],
    [{ position_embedding_type: "relative_key" }, /wanted "absolute"/],
    [{ vocab_size: undefined }, /its network is undefined, wanted a whole/],
    [{ hidden_size: -4 }, /"hidden_size" of its network is -4/],
    [{ num_hidden_layers: 1.5 }, /its network is 1.5/],
    [{ num_attention_heads: 7 }, /is 7, wanted a divisor of hidden_size/],
    [{ layer_norm_eps: "1e-12" }, /"layer_norm_eps" of its network is "1e-12"/],
  ];
  for (const [change, message] of wrong) {
    assert.throws(
      () => parseBertConfig({ ...MINI_CONFIG, ...change }),
      message,
    );
  }
});
