/**
 * DINOv2 (arXiv 2304.07193): a Vision Transformer whose layers scale what they
 * add, channel by channel.
 */

import type { Node } from "../../lib/graph/node.ts";
import * as ops from "../../lib/graph/ops.ts";
import { attend, joinHeads, splitHeads } from "../../lib/nn/attention.ts";
import { linear } from "../../lib/nn/linear.ts";
import { layerNorm } from "../../lib/nn/norm.ts";
import {
  DINO_NAMES,
  type DinoConfig,
  type DinoLayout,
  type DinoNames,
} from "./dino_config.ts";
import { type DinoPositions, stretchPositions } from "./dino_positions.ts";

const EPSILON = 1e-6;

/** Values of the network; N is 1 for the class and one a patch. */
export interface DinoNodes {
  /** The last layer's states, normalized: [B,N,D]. */
  readonly last: Node;
  /** The class token's, which FD-DINOv2 compares: [B,D]. */
  readonly features: Node;
}

/** The network over pictures [B,3,H,H], H a multiple of the patch. */
export function dinoNetwork(
  config: DinoConfig,
  pixels: Node,
  layout: DinoLayout,
  positions: DinoPositions,
): DinoNodes {
  const names = DINO_NAMES[layout];
  let x = embeddings(config, pixels, names, positions); // [B,N,D]
  for (let i = 0; i < config.layers; i++) {
    x = layer(config, names, names.layer(i), x);
  }
  const last = layerNorm(names.norm, x, EPSILON);
  const first = ops.slice(last, 1, 0, 1); // [B,1,D]
  return { last, features: ops.reshape(first, [x.shape[0], config.width]) };
}

/** The class token and the patches with their places: [B,N,D]. */
function embeddings(
  { width, patch, grid }: DinoConfig,
  pixels: Node,
  names: DinoNames,
  positions: DinoPositions,
): Node {
  const kernel = ops.parameter(`${names.patches}.weight`, [
    width,
    3,
    patch,
    patch,
  ]);
  const bias = ops.parameter(`${names.patches}.bias`, [width]);
  const cut = ops.conv(pixels, kernel, bias, { stride: patch }); // [B,D,h,w]
  const [batch, , height] = cut.shape as [Node["shape"][0], number, number];
  const flat = ops.reshape(cut, [batch, width, height * height]);
  const patches = ops.transpose(flat, [0, 2, 1]); // [B,h*w,D]
  const places = ops.parameter(names.positions, [1, grid * grid + 1, width]);
  const own = ops.slice(places, 1, 0, 1); // [1,1,D]
  const others = ops.reshape(
    ops.slice(places, 1, 1, grid * grid + 1),
    [grid * grid, width],
  );
  const first = ops.add(ops.parameter(names.first, [1, 1, width]), own);
  return ops.concat([
    ops.expand(first, [batch, 1, width]),
    ops.add(patches, stretchPositions(others, height, positions)),
  ], 1);
}

/** x [B,N,D] -> [B,N,D]; normalization comes before each part. */
function layer(
  { width, heads, hidden }: DinoConfig,
  names: DinoNames,
  at: string,
  x: Node,
): Node {
  const scaled = (part: 0 | 1, added: Node) =>
    ops.mul(added, ops.parameter(`${at}.${names.scales[part]}`, [width]));
  const normed = layerNorm(`${at}.norm1`, x, EPSILON);
  const parts = names.attention.map((name) => `${at}.${name}`);
  const [q, k, v] = parts.length === 1
    ? ops.split(linear(parts[0], normed, 3 * width), 3, 2)
    : parts.map((part) => linear(part, normed, width));
  const read = joinHeads(
    attend(splitHeads(q, heads), splitHeads(k, heads), splitHeads(v, heads)),
  ); // [B,N,D]
  const attended = ops.add(
    x,
    scaled(0, linear(`${at}.${names.output}`, read, width)),
  );
  const inner = layerNorm(`${at}.norm2`, attended, EPSILON);
  const wide = ops.gelu(linear(`${at}.mlp.fc1`, inner, hidden));
  return ops.add(attended, scaled(1, linear(`${at}.mlp.fc2`, wide, width)));
}
