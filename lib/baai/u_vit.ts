/**
 * baaivision's U-ViT (MUSE-Pytorch, libs/uvit_t2i_vq.py; arXiv 2209.12152):
 * text and tokens are one sequence, every layer of the second half also reads
 * what its opposite in the first half gave, and the table of tokens serves a
 * second time to find the logits.
 */

import type { Node } from "../graph/node.ts";
import {
  add,
  concat,
  gather,
  gelu,
  matmul,
  parameter,
  slice,
  split,
} from "../graph/ops.ts";
import { attend, joinHeads, splitHeads } from "../nn/attention.ts";
import { linear } from "../nn/linear.ts";
import { layerNorm } from "../nn/norm.ts";
import type { BaaiConfig } from "./config.ts";

/**
 * Tokens [B,N], where K is the id of an unknown one, and states of the text
 * [B,T,E] -> logits [B,N,K].
 */
export function baaiLogits(
  config: BaaiConfig,
  tokens: Node,
  states: Node,
): Node {
  const { width, textLength, codes, side, blocks } = config;
  const table = parameter(`${TOKENS}.word_embeddings.weight`, [
    codes + 1,
    width,
  ]);
  const text = linear("context_embed", states, width); // [B,T,D]
  let x = concat([text, embed(config, table, tokens)], 1); // [B,T+N,D]
  const skips: Node[] = [];
  for (let i = 0; i < blocks; i++) {
    x = block(`in_blocks.${i}`, config, x);
    skips.push(x);
  }
  x = block("mid_block", config, x);
  for (let i = 0; i < blocks; i++) {
    const name = `out_blocks.${i}`;
    const both = concat([x, skips.pop()!], -1); // [B,T+N,2D]
    x = block(name, config, linear(`${name}.skip_linear`, both, width));
  }
  const found = slice(x, 1, textLength, textLength + side ** 2); // [B,N,D]
  const normal = layerNorm("norm", found);
  let h = gelu(linear("mlm_layer.fc", normal, width));
  h = layerNorm("mlm_layer.ln", h);
  const all = matmul(h, table, { transposeB: true }); // [B,N,K+1]
  const bias = parameter("mlm_layer.bias", [1, 1, codes + 1]);
  return slice(add(all, bias), -1, 0, codes); // the mask is no answer
}

const TOKENS = "token_emb";

/** Tokens [B,N] -> [B,N,D]. */
function embed({ side, width }: BaaiConfig, table: Node, tokens: Node): Node {
  const places = parameter(`${TOKENS}.position_embeddings.weight`, [
    side ** 2,
    width,
  ]);
  const x = add(gather(table, tokens), places); // [B,N,D]
  return layerNorm(`${TOKENS}.LayerNorm`, x, 1e-6);
}

/** A layer of x [B,L,D]. */
function block(
  name: string,
  { heads, hidden }: BaaiConfig,
  x: Node,
): Node {
  const width = x.shape.at(-1) as number;
  const normal = layerNorm(`${name}.norm1`, x);
  const all = linear(`${name}.attn.qkv`, normal, 3 * width, { bias: false });
  const [q, k, v] = split(all, 3, -1).map((part) => splitHeads(part, heads));
  const read = joinHeads(attend(q, k, v)); // [B,L,D]
  const h = add(x, linear(`${name}.attn.proj`, read, width));
  const wide = linear(`${name}.mlp.fc1`, layerNorm(`${name}.norm2`, h), hidden);
  return add(h, linear(`${name}.mlp.fc2`, gelu(wide), width));
}
