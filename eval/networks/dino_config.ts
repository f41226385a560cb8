/** DINOv2's sizes and the names of its weights in the two published layouts. */

import type { Weights } from "../../lib/run/weights.ts";

/** Sizes of the network. */
export interface DinoConfig {
  /** D, of a token. */
  readonly width: number;
  /** How many follow each other. */
  readonly layers: number;
  /** Heads of attention; they divide the width. */
  readonly heads: number;
  /** Width between the two matrices of a feed-forward part. */
  readonly hidden: number;
  /** Pixels of a patch's side. */
  readonly patch: number;
  /** Patches of a side on which positions were learned. */
  readonly grid: number;
}

/** Names of the weights; a layer's begin with its own. */
export interface DinoNames {
  readonly first: string;
  readonly mask: string;
  readonly positions: string;
  readonly patches: string;
  readonly norm: string;
  readonly layer: (index: number) => string;
  /** One matrix of queries, keys and values, or three. */
  readonly attention: readonly [string] | readonly [string, string, string];
  readonly output: string;
  readonly scales: readonly [string, string];
}

/** Whose names the weights have. */
export type DinoLayout = "original" | "huggingface";

export const DINO_NAMES: Readonly<Record<DinoLayout, DinoNames>> = {
  original: {
    first: "cls_token",
    mask: "mask_token",
    positions: "pos_embed",
    patches: "patch_embed.proj",
    norm: "norm",
    layer: (index) => `blocks.${index}`,
    attention: ["attn.qkv"],
    output: "attn.proj",
    scales: ["ls1.gamma", "ls2.gamma"],
  },
  huggingface: {
    first: "embeddings.cls_token",
    mask: "embeddings.mask_token",
    positions: "embeddings.position_embeddings",
    patches: "embeddings.patch_embeddings.projection",
    norm: "layernorm",
    layer: (index) => `encoder.layer.${index}`,
    attention: [
      "attention.attention.query",
      "attention.attention.key",
      "attention.attention.value",
    ],
    output: "attention.output.dense",
    scales: ["layer_scale1.lambda1", "layer_scale2.lambda1"],
  },
};

/** Which layout weights have. */
export function dinoLayout(weights: Weights): DinoLayout {
  return weights.has(DINO_NAMES.huggingface.first) ? "huggingface" : "original";
}

/**
 * Sizes from the shapes of the weights.
 * @param heads which no shape tells; 64 wide each if they aren't given
 * @throws Error if the weights are no DINOv2's
 */
export function dinoConfig(
  path: string,
  weights: Weights,
  heads?: number,
): DinoConfig {
  const names = DINO_NAMES[dinoLayout(weights)];
  const shape = (name: string): readonly number[] => {
    const found = weights.get(name)?.shape;
    if (found) return found;
    throw new Error(
      `loading the DINOv2 ${path}: there is no "${name}", which every DINOv2 ` +
        `with plain feed-forward parts has; take dinov2_vitl14_pretrain.pth ` +
        `or the Hugging Face folder of the same model`,
    );
  };
  const [, places, width] = shape(names.positions);
  const [, , , patch] = shape(`${names.patches}.weight`);
  const [hidden] = shape(`${names.layer(0)}.mlp.fc1.weight`);
  let layers = 1;
  while (weights.has(`${names.layer(layers)}.norm1.weight`)) layers++;
  const config: DinoConfig = {
    width,
    layers,
    heads: heads ?? width / 64,
    hidden,
    patch,
    grid: Math.sqrt(places - 1),
  };
  for (const value of [config.heads, config.grid, width / config.heads]) {
    if (Number.isInteger(value)) continue;
    throw new Error(
      `loading the DINOv2 ${path}: found ${places} positions, width ${width} ` +
        `and ${config.heads} heads, wanted one and a square, and heads that ` +
        `divide the width`,
    );
  }
  return config;
}
