/**
 * aMUSEd's U-ViT (arXiv 2401.01808; diffusers, uvit_2d.py): convolutions and
 * cross-attention at the tokens' grid, a transformer between them, and no skip
 * connections over it. There are no positions to learn: the convolutions tell
 * where a token is, so that any grid fits. Nothing has a bias.
 */

import type { Dim } from "../graph/dim.ts";
import type { Node } from "../graph/node.ts";
import {
  add,
  conv,
  convTranspose,
  equal,
  gelu,
  matmul,
  mul,
  parameter,
  reshape,
  select,
  split,
  transpose,
} from "../graph/ops.ts";
import { attend, joinHeads, splitHeads } from "../nn/attention.ts";
import { embedding, linear } from "../nn/linear.ts";
import { rmsNorm } from "../nn/norm.ts";
import { type Memory, memoryOf } from "../nn/transformer.ts";
import { type Condition, layerNames } from "./condition.ts";
import { maskRow, type UVitConfig } from "./config.ts";
import { layerNorm, modulated, responseNorm } from "./norms.ts";

const NO_BIAS = { bias: false };

/** Height and width of a grid. */
type Grid = readonly [height: number, width: number];

/**
 * Tokens [B,N], where K is the id of an unknown one -> logits [B,N,K].
 *
 * @param grid of the tokens; both sides even if the trunk halves them
 */
export function uVitLogits(
  config: UVitConfig,
  tokens: Node,
  grid: Grid,
  condition: Condition,
): Node {
  const { channels, width, embedding: wide, epsilon, halved } = config;
  let x = side("down_block", embed(config, tokens), grid);
  x = rmsNorm("project_to_hidden_norm", x, epsilon);
  x = linear("project_to_hidden", x, width, NO_BIAS); // [B,n,D]
  for (const name of layerNames(config)) {
    x = trunkLayer(name, config, x, condition);
  }
  x = rmsNorm("project_from_hidden_norm", x, epsilon);
  x = linear("project_from_hidden", x, channels, NO_BIAS); // [B,n,C]
  x = pointwise("mlm_layer.conv1", side("up_block", x, grid), wide);
  x = rmsNorm("mlm_layer.layer_norm", x, epsilon);
  return pointwise("mlm_layer.conv2", x, config.codes); // [B,N,K]

  /** The blocks of one side, and the change of the grid. */
  function side(name: "down_block" | "up_block", x: Node, grid: Grid): Node {
    const inner: Grid = halved ? [grid[0] / 2, grid[1] / 2] : grid;
    let h = x;
    if (halved && name === "down_block") {
      h = halve(`${name}.downsample`, h, grid, epsilon);
    }
    for (let i = 0; i < config.blocks; i++) {
      const block = `${name}.res_blocks.${i}`;
      const modulation = condition.modulation.get(block)!;
      h = modulated(convNext(block, h, inner, epsilon), modulation);
      h = attentionBlock(`${name}.attention_blocks.${i}`, h, condition);
    }
    return halved && name === "up_block"
      ? double(`${name}.upsample`, h, inner, epsilon)
      : h;
  }
}

/** Tokens [B,N] -> [B,N,C]. */
function embed(config: UVitConfig, tokens: Node): Node {
  const { codes, vocabulary, embedding: wide, channels, epsilon } = config;
  const rows = select(equal(tokens, codes), maskRow(config), tokens);
  const x = embedding("embed.embeddings", rows, vocabulary, wide);
  const normal = rmsNorm("embed.layer_norm", x, epsilon);
  return pointwise("embed.conv", normal, channels);
}

/** A 1x1 convolution over positions [B,N,C], which is a matrix product. */
function pointwise(name: string, x: Node, outputs: number): Node {
  const inputs = x.shape.at(-1) as number;
  const kernel = parameter(`${name}.weight`, [outputs, inputs, 1, 1]);
  const matrix = reshape(kernel, [outputs, inputs]);
  return matmul(x, matrix, { transposeB: true }); // [B,N,O]
}

/** [B,N,C] -> [B,C,h,w]. */
function toPlanes(x: Node, [height, width]: Grid): Node {
  const [batch, , channels] = x.shape;
  const grid = reshape(x, [batch, height, width, channels]);
  return transpose(grid, [0, 3, 1, 2]);
}

/** [B,C,h,w] -> [B,N,C]. */
function toPositions(x: Node): Node {
  const [batch, channels, height, width] = x.shape as [Dim, ...number[]];
  const last = transpose(x, [0, 2, 3, 1]); // [B,h,w,C]
  return reshape(last, [batch, height * width, channels]);
}

/** A convolution of positions among each other, [B,N,C] -> [B,N',C]. */
function halve(name: string, x: Node, grid: Grid, epsilon: number): Node {
  const normal = toPlanes(rmsNorm(`${name}.norm`, x, epsilon), grid);
  const channels = x.shape.at(-1) as number;
  const kernel = parameter(`${name}.conv.weight`, [channels, channels, 2, 2]);
  return toPositions(conv(normal, kernel, undefined, { stride: 2 }));
}

/** Undoes the change of the grid by {@linkcode halve}. */
function double(name: string, x: Node, grid: Grid, epsilon: number): Node {
  const normal = toPlanes(rmsNorm(`${name}.norm`, x, epsilon), grid);
  const channels = x.shape.at(-1) as number;
  const kernel = parameter(`${name}.conv.weight`, [channels, channels, 2, 2]);
  const options = { stride: 2 };
  return toPositions(convTranspose(normal, kernel, undefined, options));
}

/** ConvNeXt's block of [B,N,C], its input added. */
function convNext(name: string, x: Node, grid: Grid, epsilon: number): Node {
  const channels = x.shape.at(-1) as number;
  const kernel = parameter(`${name}.depthwise.weight`, [channels, 1, 3, 3]);
  const near = conv(toPlanes(x, grid), kernel, undefined, {
    padding: 1,
    groups: channels,
  });
  let h = rmsNorm(`${name}.norm`, toPositions(near), epsilon);
  h = linear(`${name}.channelwise_linear_1`, h, 4 * channels, NO_BIAS);
  h = responseNorm(`${name}.channelwise_norm`, gelu(h)); // [B,N,4C]
  h = linear(`${name}.channelwise_linear_2`, h, channels, NO_BIAS);
  return add(h, x);
}

/** What the reference fixes in this block, whatever the configuration says. */
const BLOCK_EPSILON = 1e-6;

/** Two readings of the text, [B,N,C]. */
function attentionBlock(name: string, x: Node, { memory }: Condition): Node {
  let h = x;
  for (const [norm, part] of [["norm1", "attn1"], ["norm2", "attn2"]]) {
    const attention = `${name}.${part}`;
    const normal = rmsNorm(`${name}.${norm}`, h, BLOCK_EPSILON);
    h = add(h, read(attention, normal, memory.get(attention)!));
  }
  return h;
}

/** A layer of the trunk, [B,N,D]. */
function trunkLayer(
  name: string,
  { heads, hidden, epsilon }: UVitConfig,
  x: Node,
  { memory, modulation }: Condition,
): Node {
  const width = x.shape.at(-1) as number;
  const adapted = (norm: string, normal: Node) =>
    modulated(normal, modulation.get(`${name}.${norm}`)!);
  const own = adapted("norm1", rmsNorm(`${name}.norm1.norm`, x, epsilon));
  const self = `${name}.attn1`;
  let h = add(x, read(self, own, memoryOf(self, own, heads)));
  const asking = adapted("norm2", rmsNorm(`${name}.norm2.norm`, h, epsilon));
  const cross = `${name}.attn2`;
  h = add(h, read(cross, asking, memory.get(cross)!));
  const ready = adapted("norm3", layerNorm(`${name}.norm3.norm`, h, epsilon));
  const wide = linear(`${name}.ff.net.0.proj`, ready, 2 * hidden, NO_BIAS);
  const [values, gates] = split(wide, 2, -1); // [B,N,hidden]
  const gated = mul(values, gelu(gates));
  return add(h, linear(`${name}.ff.net.2`, gated, width, NO_BIAS));
}

/** What x [B,N,D] reads of a memory. */
function read(name: string, x: Node, { keys, values }: Memory): Node {
  const width = x.shape.at(-1) as number;
  const heads = keys.shape[1] as number;
  const queries = linear(`${name}.to_q`, x, width, NO_BIAS);
  const heard = attend(splitHeads(queries, heads), keys, values);
  return linear(`${name}.to_out.0`, joinHeads(heard), width, NO_BIAS);
}
