/** CLIP's vision tower, a Vision Transformer (arXiv 2010.11929). */

import type { Node } from "../graph/node.ts";
import * as ops from "../graph/ops.ts";
import { layerNorm } from "../nn/norm.ts";
import type { ClipVisionConfig } from "./config.ts";
import { type ClipLayout, projected } from "./layout.ts";
import { clipStates } from "./stack.ts";

/** Values of the vision tower; N is 1 for the class and one a patch. */
export interface ClipVisionNodes {
  /** [B,N,D] each: the normalized embeddings, then each layer's states. */
  readonly states: readonly Node[];
  /** The class token's last state, normalized: [B,D]. */
  readonly pooled: Node;
  /** The picture in the space it shares with texts, not normalized: [B,P]. */
  readonly embedding: Node;
}

/**
 * The tower over pictures [B,3,H,W] as `clipPixels` makes them, H and W the
 * tower's size. Parameters carry the names of the Hugging Face layout.
 */
export function clipVisionTower(
  config: ClipVisionConfig,
  pixels: Node,
  layout: ClipLayout = "huggingface",
): ClipVisionNodes {
  const { epsilon, width, projection } = config;
  // The name is misspelt in the published files.
  const x = layerNorm(
    "vision_model.pre_layrnorm",
    visionEmbeddings(config, pixels),
    epsilon,
  );
  const states = clipStates("vision_model.encoder", config, x);
  const first = ops.slice(states[config.layers], 1, 0, 1); // [B,1,D]
  const pooled = layerNorm(
    "vision_model.post_layernorm",
    ops.reshape(first, [first.shape[0], width]), // [B,D]
    epsilon,
  );
  return {
    states,
    pooled,
    embedding: projected("vision", layout, pooled, projection), // [B,P]
  };
}

/** The class token and the patches with their places: [B,N,D]. */
function visionEmbeddings(
  { width, size, patch }: ClipVisionConfig,
  pixels: Node,
): Node {
  const names = "vision_model.embeddings";
  const count = (size / patch) ** 2;
  const kernel = ops.parameter(
    `${names}.patch_embedding.weight`,
    [width, 3, patch, patch],
  );
  const grid = ops.conv(pixels, kernel, undefined, { stride: patch }); // [B,D,h,w]
  const [batch] = grid.shape;
  const patches = ops.transpose(
    ops.reshape(grid, [batch, width, count]),
    [0, 2, 1],
  ); // [B,h*w,D]
  const own = ops.parameter(`${names}.class_embedding`, [width]);
  const first = ops.expand(ops.reshape(own, [1, 1, width]), [batch, 1, width]);
  const places = ops.parameter(
    `${names}.position_embedding.weight`,
    [count + 1, width],
  );
  return ops.add(ops.concat([first, patches], 1), places); // [B,N,D]
}
