import assert from "node:assert/strict";
import { parseClipConfig, parseClipTextConfig } from "./config.ts";

/** As published for ViT-L/14@336: mostly an older form, the rest left out. */
const LARGE = {
  model_type: "clip",
  projection_dim: 768,
  text_config: { hidden_size: 99, eos_token_id: 2 },
  text_config_dict: {
    hidden_size: 768,
    intermediate_size: 3072,
    num_attention_heads: 12,
    num_hidden_layers: 12,
    projection_dim: 768,
  },
  vision_config: {
    hidden_size: 1024,
    intermediate_size: 4096,
    num_attention_heads: 16,
    num_hidden_layers: 24,
    image_size: 336,
    patch_size: 14,
  },
  vision_config_dict: null,
};

Deno.test("parseClipConfig() reads both forms of a tower's sizes", () => {
  const rest = { activation: "quick_gelu", epsilon: 1e-5, projection: 768 };
  assert.deepEqual(parseClipConfig(LARGE), {
    text: {
      width: 768,
      heads: 12,
      layers: 12,
      hidden: 3072,
      vocabulary: 49408,
      positions: 77,
      pooling: { kind: "first", id: 49407 },
      ...rest,
    },
    vision: {
      width: 1024,
      heads: 16,
      layers: 24,
      hidden: 4096,
      size: 336,
      patch: 14,
      ...rest,
    },
  });
});

Deno.test("parseClipConfig() takes what is left out as ViT-B/32 has it", () => {
  const { text, vision } = parseClipConfig({ model_type: "clip" });
  assert.deepEqual(
    [text.width, text.heads, text.projection, vision.width, vision.patch],
    [512, 8, 512, 768, 32],
  );
});

Deno.test("parseClipTextConfig() pools at the largest id where the end is said to be 2", () => {
  const config = parseClipTextConfig({
    model_type: "clip_text_model",
    projection_dim: 768,
    eos_token_id: 2,
  });
  assert.deepEqual(config.pooling, { kind: "largest" });
  assert.equal(config.projection, 768);
});

Deno.test("parseClipConfig() says what it can't use", () => {
  const vision = (fields: Record<string, unknown>) => ({
    model_type: "clip",
    vision_config: fields,
  });
  const wrong: [Record<string, unknown>, RegExp][] = [
    [
      { model_type: "bert" },
      /"model_type" of its network is "bert", wanted "c/,
    ],
    [{ model_type: "clip", projection_dim: 0 }, /"projection_dim" .* is 0/],
    [
      { model_type: "clip", text_config: { hidden_act: "relu" } },
      /Cannot load the CLIP text tower: "hidden_act" of its network is "relu", wanted "quick_gelu" or "gelu"; take the file/,
    ],
    [vision({ num_attention_heads: 7 }), /is 7, wanted a divisor of hidden/],
    [vision({ patch_size: 15 }), /CLIP vision tower: "patch_size" .* is 15/],
    [vision({ num_channels: 1 }), /"num_channels" of its network is 1/],
    [vision({ layer_norm_eps: "1e-5" }), /wanted a finite number/],
  ];
  for (const [json, message] of wrong) {
    assert.throws(() => parseClipConfig(json), message);
  }
  assert.throws(
    () => parseClipTextConfig({ model_type: "clip" }),
    /wanted "clip_text_model"/,
  );
});
