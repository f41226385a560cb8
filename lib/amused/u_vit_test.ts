/** The U-ViT against diffusers', on both engines. */

import assert from "node:assert/strict";
import { join } from "node:path";
import type { Node } from "../graph/node.ts";
import { input, reshape, transpose } from "../graph/ops.ts";
import { assertWithin } from "../run/assert_close.ts";
import { checkWeights } from "../run/check_weights.ts";
import { interpret } from "../run/interpret.ts";
import { loadWeights } from "../run/load_weights.ts";
import { readSafetensorsHeader, readTensorsF32 } from "../run/safetensors.ts";
import { createSession } from "../run/session.ts";
import {
  type Condition,
  conditionInputs,
  conditionNodes,
  conditionOutputs,
  fedCondition,
} from "./condition.ts";
import { parseUVitConfig, type UVitConfig } from "./config.ts";
import {
  recorded,
  recordedShape,
  recordedTokens,
  tinyConfig,
  tinyFolder,
} from "./parity.ts";
import { uVitLogits } from "./u_vit.ts";

const TEXT_LENGTH = 12;

type Name = "tiny-256" | "tiny-512";

/** Logits as the reference lays them out, [B,K,h,w]. */
function asPlanes(
  config: UVitConfig,
  grid: readonly [number, number],
  condition: Condition,
): Node {
  const [height, width] = grid;
  const tokens = input("tokens", ["1B", height * width], "int32");
  const logits = uVitLogits(config, tokens, grid, condition); // [B,N,K]
  const planes = transpose(logits, [0, 2, 1]);
  return reshape(planes, ["1B", config.codes, height, width]);
}

/** The network in one graph, and what it is fed. */
async function wholeNetwork(name: Name) {
  const config = await tinyConfig(name);
  const [, height, width] = recordedShape(`${name}/ids`);
  const grid = [height, width] as const;
  const condition = conditionNodes(
    config,
    conditionInputs(config, TEXT_LENGTH),
  );
  const said = ["states", "pooled", "micro"].map((part) => [
    part,
    recorded(`${name}/${part}`).data,
  ]);
  const feeds: Record<string, Float32Array | Int32Array> = {
    tokens: await recordedTokens(`${name}/ids`),
    ...Object.fromEntries(said),
  };
  const logits = asPlanes(config, grid, condition);
  return { config, grid, condition, logits, feeds };
}

const weightsFile = (name: Name, variant = "") =>
  join(
    tinyFolder(name),
    "transformer",
    `diffusion_pytorch_model${variant}.safetensors`,
  );

for (const name of ["tiny-256", "tiny-512"] as const) {
  Deno.test(`uVitLogits() gives what diffusers' UVit2DModel gives, ${name}`, async () => {
    const { logits, feeds } = await wholeNetwork(name);
    const wanted = recorded(`${name}/logits`);
    const path = weightsFile(name);
    const weights = await loadWeights(path);
    checkWeights(path, weights, [logits]);

    const session = await createSession({ logits }, weights);
    const found = (await session.run(feeds)).logits;
    await session.release();
    assert.deepEqual(found.shape, wanted.shape);
    assertWithin(found.data, wanted.data, 1e-4);

    const floats = await readTensorsF32(await readSafetensorsHeader(path));
    const again = interpret(
      { logits },
      feeds,
      (name) => floats.get(name)?.data,
    );
    assertWithin(again.logits.dataSync(), wanted.data, 1e-4);
    again.logits.dispose();
  });
}

Deno.test("uVitLogits() reads float16 files", async () => {
  const { logits, feeds } = await wholeNetwork("tiny-256");
  const path = weightsFile("tiny-256", ".fp16");
  const session = await createSession({ logits }, await loadWeights(path));
  const found = (await session.run(feeds)).logits;
  await session.release();
  assertWithin(found.data, recorded("tiny-256/logits fp16").data, 1e-3);
});

Deno.test("fedCondition() takes what conditionNodes() computed before", async () => {
  const { config, grid, condition, feeds } = await wholeNetwork("tiny-512");
  const weights = await loadWeights(weightsFile("tiny-512"));
  const { tokens, ...said } = feeds;
  const first = await createSession(conditionOutputs(condition), weights);
  const heard = await first.run(said);
  await first.release();
  const fed = fedCondition(condition, "1B");
  const step = await createSession(
    { logits: asPlanes(config, grid, fed) },
    weights,
  );
  const values = Object.entries(heard).map(([name, { data }]) => [name, data]);
  const found = await step.run({ ...Object.fromEntries(values), tokens });
  await step.release();
  assertWithin(found.logits.data, recorded("tiny-512/logits").data, 1e-4);
});

Deno.test("parseUVitConfig() names the field that is wrong", async () => {
  const path = join(tinyFolder("tiny-512"), "transformer", "config.json");
  const json = JSON.parse(await Deno.readTextFile(path));
  const wrongs: Record<string, unknown> = {
    use_bias: true,
    upsample: false,
    ln_elementwise_affine: false,
    num_attention_heads: 5,
    block_num_heads: 7,
    vocab_size: 32,
    micro_cond_embed_dim: 41,
    micro_cond_encode_dim: 7,
    sample_size: 9,
    hidden_size: 0,
  };
  for (const [field, value] of Object.entries(wrongs)) {
    assert.throws(
      () => parseUVitConfig({ ...json, [field]: value }, path),
      (error: Error) =>
        error.message.includes(`"${field}"`) && error.message.includes(path),
      field,
    );
  }
});
