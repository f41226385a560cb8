/** The published `config.json` of a CLIP. */

import type { ClipConfig, ClipStack } from "../../lib/clip/config.ts";

/** Writes what `parseClipConfig()` and transformers read. */
export async function writeClipConfig(
  path: string,
  { text, vision }: ClipConfig,
): Promise<void> {
  const json = {
    model_type: "clip",
    projection_dim: text.projection,
    text_config: {
      ...stackFields(text),
      vocab_size: text.vocabulary,
      max_position_embeddings: text.positions,
      eos_token_id: text.pooling.kind === "first" ? text.pooling.id : 2,
      projection_dim: text.projection,
    },
    vision_config: {
      ...stackFields(vision),
      image_size: vision.size,
      patch_size: vision.patch,
      num_channels: 3,
      projection_dim: vision.projection,
    },
  };
  await Deno.writeTextFile(path, JSON.stringify(json));
}

function stackFields(
  { width, layers, heads, hidden, activation, epsilon }: ClipStack,
) {
  return {
    hidden_size: width,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    intermediate_size: hidden,
    hidden_act: activation,
    layer_norm_eps: epsilon,
  };
}
