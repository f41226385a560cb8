import assert from "node:assert/strict";
import { loadWeights } from "../run/load_weights.ts";
import type { Weight } from "../run/weights.ts";
import { isOpenAiClip, openAiClipConfig, renameOpenAiClip } from "./openai.ts";

const FOLDER = new URL("testdata/", import.meta.url).pathname;

/** Weights of these shapes whose values nobody reads. */
function shapes(
  all: Readonly<Record<string, readonly number[]>>,
): Map<string, Weight> {
  return new Map(
    Object.entries(all).map(([name, shape]) => [name, {
      kind: "memory",
      shape,
      data: new Float32Array(),
    }]),
  );
}

const LARGE = {
  "visual.conv1.weight": [1024, 3, 14, 14],
  "visual.proj": [1024, 768],
  "visual.positional_embedding": [577, 1024],
  "visual.transformer.resblocks.0.ln_1.bias": [1024],
  "visual.transformer.resblocks.23.ln_1.bias": [1024],
  "transformer.resblocks.0.ln_1.bias": [768],
  positional_embedding: [77, 768],
  "token_embedding.weight": [49408, 768],
  text_projection: [768, 768],
};

Deno.test("openAiClipConfig() works the sizes out from the shapes", () => {
  const { text, vision } = openAiClipConfig(shapes(LARGE));
  assert.deepEqual(vision, {
    width: 1024,
    layers: 2, // as many as there are names of
    heads: 16,
    hidden: 4096,
    activation: "quick_gelu",
    epsilon: 1e-5,
    size: 336,
    patch: 14,
    projection: 768,
  });
  assert.deepEqual(text, {
    width: 768,
    layers: 1,
    heads: 12,
    hidden: 3072,
    activation: "quick_gelu",
    epsilon: 1e-5,
    vocabulary: 49408,
    positions: 77,
    pooling: { kind: "largest" },
    projection: 768,
  });
});

Deno.test("openAiClipConfig() refuses CLIP's ResNets", () => {
  const { "visual.proj": _, ...rest } = LARGE;
  assert.throws(
    () => openAiClipConfig(shapes(rest)),
    /there is no "visual.proj".*; ResNets are not read here/,
  );
});

Deno.test("renameOpenAiClip() cuts fused matrices where they lie", async () => {
  const weights = await loadWeights(`${FOLDER}tiny_openai.pt`);
  const fused = weights.get("transformer.resblocks.0.attn.in_proj_weight")!;
  assert(fused.kind === "file");
  assert.deepEqual(fused.shape, [192, 64]);
  const renamed = renameOpenAiClip(weights);
  const start = "text_model.encoder.layers.0.self_attn.";
  ["q_proj", "k_proj", "v_proj"].forEach((part, i) => {
    assert.deepEqual(renamed.get(`${start}${part}.weight`), {
      ...fused,
      shape: [64, 64],
      offset: fused.offset + i * 64 * 64 * 2,
      length: 64 * 64 * 2,
    });
  });
  assert.ok(isOpenAiClip(weights) && !isOpenAiClip(renamed));
});

Deno.test("renameOpenAiClip() cuts fused vectors in memory, and nothing quantized", () => {
  const name = "visual.transformer.resblocks.1.attn.in_proj_bias";
  const data = Float32Array.of(1, 2, 3, 4, 5, 6);
  const renamed = renameOpenAiClip(
    new Map([[name, { kind: "memory", shape: [6], data }]]),
  );
  const values = renamed.get(
    "vision_model.encoder.layers.1.self_attn.k_proj.bias",
  );
  assert(values?.kind === "memory");
  assert.deepEqual([...values.data], [3, 4]);
  assert.equal(values.data.buffer, data.buffer);
  const scales = { offset: 6, length: 2 };
  const place = { path: "x", shape: [6], offset: 0, length: 6, scales };
  assert.throws(
    () => renameOpenAiClip(new Map([[name, { kind: "int8", ...place }]])),
    /in_proj_bias" is quantized \(int8\)/,
  );
});
