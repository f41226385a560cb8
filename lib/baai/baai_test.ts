/** baaivision's Muse against the reference, and as a model. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { leaves } from "../graph/node.ts";
import { input } from "../graph/ops.ts";
import { decode } from "../muse/decode.ts";
import { startDecode } from "../muse/decode_state.ts";
import { generate } from "../muse/pipeline.ts";
import { replay } from "../muse/replay.ts";
import { assertWithin } from "../run/assert_close.ts";
import { checkWeights } from "../run/check_weights.ts";
import { compute } from "../run/compute.ts";
import { loadWeights } from "../run/load_weights.ts";
import {
  readSafetensorsHeader,
  readTensor,
  readTensorsF32,
} from "../run/safetensors.ts";
import { withFolder } from "../run/temp_folder.ts";
import { encodeText } from "../text/encode.ts";
import { CC3M, parseBaaiConfig } from "./config.ts";
import { baaiFiles } from "./files.ts";
import { loadBaai } from "./load.ts";
import { createBaaiModel } from "./model.ts";
import { BAAI_DEFAULTS } from "./options.ts";
import { TESTDATA, writeTinyBaai } from "./tiny_baai.ts";
import { baaiLogits } from "./u_vit.ts";

const HEADER = await readSafetensorsHeader(
  join(TESTDATA, "parity.safetensors"),
);
const FLOATS = await readTensorsF32(HEADER);
const recorded = (name: string) => FLOATS.get(name)!;
const integers = async (name: string) =>
  await readTensor(HEADER, name) as Int32Array;

const { transformer: WEIGHTS } = baaiFiles(join(TESTDATA, "tiny"));
const JSON_PATH = join(TESTDATA, "tiny", "config.json");
const SIZES = JSON.parse(await Deno.readTextFile(JSON_PATH));
const CONFIG = parseBaaiConfig(SIZES, JSON_PATH);
const TOKENS = CONFIG.side ** 2;

/** Recorded states of texts: two prompts, then none, then a long one. */
function texts(from: number, to: number) {
  const { textLength, textWidth } = CONFIG;
  const size = textLength * textWidth;
  return {
    states: recorded("states").data.subarray(from * size, to * size),
    mask: new Float32Array((to - from) * textLength).fill(1),
  };
}

Deno.test("baaiLogits() gives what the reference gives, on both engines", async () => {
  const { textLength, textWidth } = CONFIG;
  const tokens = input("tokens", ["1B", TOKENS], "int32");
  const states = input("states", ["1B", textLength, textWidth]);
  const graph = { logits: baaiLogits(CONFIG, tokens, states) };
  const weights = await loadWeights(WEIGHTS);
  checkWeights(WEIGHTS, weights, [graph.logits]);
  const feeds = { tokens: await integers("ids"), states: texts(0, 2).states };
  const wanted = recorded("logits");
  for (const by of ["onnxruntime", "tensorflow"] as const) {
    const { logits } = await compute(graph, feeds, { weights, by });
    assert.deepEqual(logits.shape, wanted.shape);
    assertWithin(logits.dataSync(), wanted.data, 1e-4);
    logits.dispose();
  }
});

Deno.test("a decode finds the tokens of the reference's own loop", async () => {
  const model = createBaaiModel(CONFIG, await loadWeights(WEIGHTS));
  const predict = await model.predictor(texts(0, 2), texts(2, 3), true);
  const wanted = await integers("decode/tokens");
  const { schedule, steps } = BAAI_DEFAULTS;
  const start = startDecode({
    tokens: new Int32Array(2 * TOKENS).fill(CONFIG.codes),
    length: TOKENS,
    maskId: CONFIG.codes,
    seed: 0,
    schedule,
    steps,
  });
  const streams = replay(recorded("decode/uniforms"), recorded("decode/noise"));
  let done = 0;
  for await (
    const { tokens, step } of decode(start, predict, BAAI_DEFAULTS, streams)
  ) {
    const from = (step - 1) * tokens.length;
    const now = wanted.subarray(from, from + tokens.length);
    assert.deepEqual(tokens, now, `step ${step}`);
    done = from + tokens.length;
  }
  assert.equal(done, wanted.length);
  await model.release();
});

Deno.test("the model on CC3M has as many parameters as its file has room for", () => {
  const tokens = input("tokens", ["1B", CC3M.side ** 2], "int32");
  const states = input("states", ["1B", CC3M.textLength, CC3M.textWidth]);
  const count = leaves([baaiLogits(CC3M, tokens, states)], "parameter")
    .reduce(
      (sum, { shape }) => sum + (shape as number[]).reduce((a, b) => a * b, 1),
      0,
    );
  const rest = 2_014_648_751 - 4 * count; // its bytes on the hub
  assert.ok(rest > 0 && rest < 200_000, `${rest} of ${count}`);
});

Deno.test("loadBaai() reads texts as the reference does, and draws", () =>
  withFolder(async (folder) => {
    await writeTinyBaai(folder);
    const model = await loadBaai(baaiFiles(folder), { name: "mine" });
    const prompts = ["a red apple", "two cats on a green frog"];
    const { states } = await encodeText(model.encoder, [
      ...prompts,
      "",
      prompts[1].repeat(4),
    ]);
    assertWithin(states, recorded("states").data, 1e-4);
    const seen: number[] = [];
    const drawn = await generate(model, prompts, { seed: 3 }, (state) => {
      seen.push(state.guidance);
    });
    assert.equal(seen.length, 18);
    seen.forEach((scale, i) => assert.ok(Math.abs(scale - 10 * i / 18) < 1e-9));
    assert.equal(drawn.pictures[0].width, 16 * CONFIG.side);
    assert.ok(new Set(drawn.tokens).size > 8);
    const alone = await generate(model, [prompts[1]], { seed: 4 });
    assert.deepEqual(alone.pictures[0], drawn.pictures[1]);
    await model.release();
    const low = await loadBaai(baaiFiles(folder), { lowMemory: true });
    const again = await generate(low, prompts, { seed: 3 });
    assert.deepEqual(again.tokens, drawn.tokens);
    await low.release();
  }));

Deno.test("loadBaai() says which parts don't fit each other", () =>
  withFolder(async (folder) => {
    await writeTinyBaai(folder);
    const path = join(folder, "config.json");
    const sizes = { ...SIZES, codebook_size: 32, num_clip_token: 77 };
    await Deno.writeTextFile(path, JSON.stringify(sizes));
    await assert.rejects(
      loadBaai(baaiFiles(folder)),
      /codes of the tokenizer: 24, not 32; states of a text: 12, not 77/,
    );
    await Deno.writeTextFile(path, JSON.stringify({ ...SIZES, depth: 6 }));
    await assert.rejects(loadBaai(baaiFiles(folder)), /missing:\n.*blocks\.2/);
  }));

Deno.test("parseBaaiConfig() names the field that is wrong", () => {
  const wrongs = { qkv_bias: true, skip: false, num_heads: 3, depth: 1 };
  for (const [field, value] of Object.entries(wrongs)) {
    assert.throws(
      () => parseBaaiConfig({ ...SIZES, [field]: value }, "config.json"),
      (error: Error) => error.message.includes(`"${field}"`),
    );
  }
});
