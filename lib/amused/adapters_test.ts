import assert from "node:assert/strict";
import { join } from "node:path";
import { input, reshape, transpose } from "../graph/ops.ts";
import { assertWithin } from "../run/assert_close.ts";
import { loadWeights } from "../run/load_weights.ts";
import {
  readSafetensorsHeader,
  readTensorsF32,
  type SafetensorsEntry,
  writeSafetensors,
} from "../run/safetensors.ts";
import { createSession } from "../run/session.ts";
import { withFolder } from "../run/temp_folder.ts";
import { encodeText } from "../text/encode.ts";
import { type AdapterFile, readAdapters } from "./adapters.ts";
import { conditionInputs, conditionNodes } from "./condition.ts";
import {
  recorded,
  recordedTokens,
  TESTDATA,
  tinyConfig,
  tinyFolder,
} from "./parity.ts";
import { withTiny } from "./tiny_amused.ts";
import { uVitLogits } from "./u_vit.ts";

const LORA = join(TESTDATA, "lora.safetensors");
const WEIGHTS = join(
  tinyFolder("tiny-256"),
  "transformer/diffusion_pytorch_model.safetensors",
);

/** The logits of the tiny transformer with adapters, as recorded. */
async function adaptedLogits(files: readonly AdapterFile[]) {
  const config = await tinyConfig("tiny-256");
  const adapters = await readAdapters(files);
  const condition = conditionNodes(config, conditionInputs(config, 12));
  const tokens = input("tokens", ["1B", 15], "int32");
  const rows = uVitLogits(config, tokens, [3, 5], condition); // [B,N,K]
  const planes = transpose(rows, [0, 2, 1]);
  const session = await createSession(
    adapters.adapt("transformer", {
      logits: reshape(planes, ["1B", config.codes, 3, 5]),
    }),
    adapters.weights("transformer", await loadWeights(WEIGHTS)),
  );
  const said = ["states", "pooled", "micro"].map((part) => [
    part,
    recorded(`tiny-256/${part}`).data,
  ]);
  const { logits } = await session.run({
    tokens: await recordedTokens("tiny-256/ids"),
    ...Object.fromEntries(said),
  });
  await session.release();
  return logits.data;
}

Deno.test("readAdapters() changes a network as peft does, at any scale", async () => {
  const whole = recorded("tiny-256/logits lora").data;
  const half = recorded("tiny-256/logits half lora").data;
  assertWithin(await adaptedLogits([{ path: LORA }]), whole, 1e-4);
  const halved = { path: LORA, scale: 0.5 };
  assertWithin(await adaptedLogits([halved]), half, 1e-4);
  assertWithin(await adaptedLogits([halved, halved]), whole, 1e-4);
  const none = await adaptedLogits([{ path: LORA, scale: 0 }]);
  assertWithin(none, recorded("tiny-256/logits").data, 1e-4);
});

/** The recorded adapters under other names. */
async function renamed(
  folder: string,
  rename: (name: string) => string,
  more: readonly SafetensorsEntry[] = [],
): Promise<string> {
  const path = join(folder, "adapters.safetensors");
  const tensors = await readTensorsF32(await readSafetensorsHeader(LORA));
  const entries = [...tensors].map(([name, { shape, data }]) => (
    { name: rename(name), dtype: "F32", shape, data } as const
  ));
  await writeSafetensors(path, [...entries, ...more]);
  return path;
}

Deno.test("readAdapters() reads diffusers' own layout, with alphas", async () => {
  await withFolder(async (folder) => {
    const rename = (name: string) =>
      name.replace(/^transformer\./, "unet.")
        .replace("lora_A", "lora.down").replace("lora_B", "lora.up");
    const { tensors } = await readSafetensorsHeader(LORA);
    const alphas = [...tensors.keys()].filter((name) => /lora_A/.test(name))
      .map((name) => ({
        name: rename(name).replace("lora.down.weight", "alpha"),
        dtype: "F32" as const,
        shape: [],
        data: Float32Array.of(1), // half the rank
      }));
    assert.ok(alphas.length > 5);
    const path = await renamed(folder, rename, alphas);
    const half = recorded("tiny-256/logits half lora").data;
    assertWithin(await adaptedLogits([{ path }]), half, 1e-4);
    const doubled = { path, scale: 2 };
    const whole = recorded("tiny-256/logits lora").data;
    assertWithin(await adaptedLogits([doubled]), whole, 1e-4);
  });
});

Deno.test("adapters of both networks change what diffusers' change", async () => {
  const adapters = [{ path: join(TESTDATA, "both_loras.safetensors") }];
  const logits = recorded("tiny-256/logits both loras").data;
  assertWithin(await adaptedLogits(adapters), logits, 1e-4);
  await withTiny("tiny-256", { adapters }, async ({ encoder }) => {
    const prompts = ["a red apple", "two cats on a green frog"];
    const texts = [...prompts, "", prompts[1].repeat(4)];
    const { states, pooled } = await encodeText(encoder, texts);
    const wanted = (part: string) =>
      recorded(`tiny-256/text ${part} both loras`).data;
    assertWithin(states, wanted("states"), 1e-4);
    assertWithin(pooled!, wanted("pooled"), 1e-4);
  });
});

Deno.test("readAdapters() says what is no adapter, or not this network's", async () => {
  await assert.rejects(readAdapters([{ path: WEIGHTS }]), /lora_A\.weight/);
  await withFolder(async (folder) => {
    const single = await renamed(
      folder,
      (name) => name.replace("lora_B", "lora_C"),
    );
    await assert.rejects(readAdapters([{ path: single }]), /lora_C/);
    const elsewhere = await renamed(
      folder,
      (name) => name.replace("transformer_layers.0", "transformer_layers.7"),
    );
    const adapters = await readAdapters([{ path: elsewhere }]);
    const own = await loadWeights(WEIGHTS);
    assert.throws(
      () => adapters.weights("transformer", own),
      /transformer_layers\.7\.attn1.*not there/,
    );
  });
});
