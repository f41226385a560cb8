/** Sizes of CLIP's two towers, and how published files state them. */

import { type NetworkFields, networkFields } from "../run/network_fields.ts";

/** The activation between the two linear layers of a feed-forward part. */
export type ClipActivation = "quick_gelu" | "gelu";

/** A stack of pre-norm transformer layers. */
export interface ClipStack {
  /** D. */
  readonly width: number;
  /** Number of transformer layers. */
  readonly layers: number;
  /** Attention heads; divides the width. */
  readonly heads: number;
  /** Hidden width of the feed-forward part. */
  readonly hidden: number;
  /** That of the feed-forward part. */
  readonly activation: ClipActivation;
  /** What the normalizations add to a variance. */
  readonly epsilon: number;
}

/** Where a text's one vector is read. */
export type ClipPooling =
  /** At the first of the largest ids, as OpenAI's code does. */
  | { readonly kind: "largest" }
  /** At the first id that ends a text; at the start if there is none. */
  | { readonly kind: "first"; readonly id: number };

/** The text tower. */
export interface ClipTextConfig extends ClipStack {
  /** Number of text ids. */
  readonly vocabulary: number;
  /** Longest text T. */
  readonly positions: number;
  /** Where its one vector is read. */
  readonly pooling: ClipPooling;
  /** Width P of the space that texts and pictures share. */
  readonly projection: number;
}

/** The vision tower. */
export interface ClipVisionConfig extends ClipStack {
  /** Side of the pictures in pixels. */
  readonly size: number;
  /** Side of a patch in pixels; divides the size. */
  readonly patch: number;
  /** P, as the text tower's. */
  readonly projection: number;
}

/** Both towers. */
export interface ClipConfig {
  /** Reads texts. */
  readonly text: ClipTextConfig;
  /** Reads pictures. */
  readonly vision: ClipVisionConfig;
}

type Json = Readonly<Record<string, unknown>>;

/** What a field is where a file leaves it out (configuration_clip.py). */
const MISSING = {
  text: {
    vocab_size: 49408,
    hidden_size: 512,
    intermediate_size: 2048,
    projection_dim: 512,
    num_hidden_layers: 12,
    num_attention_heads: 8,
    max_position_embeddings: 77,
    hidden_act: "quick_gelu",
    layer_norm_eps: 1e-5,
    eos_token_id: 49407,
  },
  vision: {
    hidden_size: 768,
    intermediate_size: 3072,
    projection_dim: 512,
    num_hidden_layers: 12,
    num_attention_heads: 12,
    num_channels: 3,
    image_size: 224,
    patch_size: 32,
    hidden_act: "quick_gelu",
    layer_norm_eps: 1e-5,
  },
} as const;

const ADVICE = "take the file from the model's publisher";

/**
 * Reads both towers' sizes from a published `config.json`.
 * @throws Error if it is not CLIP's, or a size is not one
 */
export function parseClipConfig(json: Json): ClipConfig {
  const whole = networkFields("CLIP", {
    projection_dim: 512,
    ...json,
  }, ADVICE);
  if (json.model_type !== "clip") whole.wrong("model_type", '"clip"');
  const projection = whole.count("projection_dim");
  return {
    text: readText(tower(json, "text"), projection),
    vision: readVision(tower(json, "vision"), projection),
  };
}

/**
 * Reads the sizes of a text tower that was published alone, as aMUSEd's was:
 * the reference's `CLIPTextModelWithProjection`.
 * @throws Error if it is not such a tower's, or a size is not one
 */
export function parseClipTextConfig(json: Json): ClipTextConfig {
  const fields = networkFields("CLIP text tower", {
    ...MISSING.text,
    ...json,
  }, ADVICE);
  if (json.model_type !== "clip_text_model") {
    fields.wrong("model_type", '"clip_text_model"');
  }
  return readText(fields, fields.count("projection_dim"));
}

/**
 * One tower's part of the whole model's file. Older files have a second one,
 * which wins with all its defaults.
 */
function tower(json: Json, name: "text" | "vision"): NetworkFields {
  const [older, newer] = [`${name}_config_dict`, `${name}_config`]
    .map((key) => json[key]) as (Json | null | undefined)[];
  const fields = { ...MISSING[name], ...(older ?? newer) };
  return networkFields(`CLIP ${name} tower`, fields, ADVICE);
}

function readText(fields: NetworkFields, projection: number): ClipTextConfig {
  // The first files said 2, which is wrong; the reference then takes the
  // largest id, and so does OpenAI's code.
  const end = fields.count("eos_token_id");
  return {
    ...readStack(fields),
    vocabulary: fields.count("vocab_size"),
    positions: fields.count("max_position_embeddings"),
    pooling: end === 2 ? { kind: "largest" } : { kind: "first", id: end },
    projection,
  };
}

function readVision(
  fields: NetworkFields,
  projection: number,
): ClipVisionConfig {
  const [size, patch] = [
    fields.count("image_size"),
    fields.count("patch_size"),
  ];
  if (size % patch !== 0) fields.wrong("patch_size", "a divisor of image_size");
  if (fields.count("num_channels") !== 3) fields.wrong("num_channels", "3");
  return { ...readStack(fields), size, patch, projection };
}

function readStack(fields: NetworkFields): ClipStack {
  const width = fields.count("hidden_size");
  const heads = fields.count("num_attention_heads");
  if (width % heads !== 0) {
    fields.wrong("num_attention_heads", "a divisor of hidden_size");
  }
  return {
    width,
    heads,
    layers: fields.count("num_hidden_layers"),
    hidden: fields.count("intermediate_size"),
    activation: fields.oneOf("hidden_act", ["quick_gelu", "gelu"]),
    epsilon: fields.number("layer_norm_eps"),
  };
}
