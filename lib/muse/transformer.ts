/**
 * The base transformer (paper, section 2.3): image tokens attend to each
 * other and to the text in every layer; an MLP gives logits over the codes.
 * Norms come first. Within the layers they hold the only biases; the head's two
 * products have biases too.
 */

import type { Node } from "../graph/node.ts";
import { add, gelu, matmul, mul, parameter, reshape } from "../graph/ops.ts";
import {
  attentionMap,
  joinHeads,
  maskBias,
  splitHeads,
} from "../nn/attention.ts";
import { embedding, linear } from "../nn/linear.ts";
import { layerNorm } from "../nn/norm.ts";
import type { BaseConfig } from "./config.ts";

const NO_BIAS = { bias: false };

/** What a layer's cross-attention reads of the text: [B,heads,T,D/heads]. */
export interface TextMemory {
  readonly keys: Node;
  readonly values: Node;
}

/**
 * Text states [B,T,E] -> keys and values of every layer. They don't depend on
 * the image, so that decoding computes them once for all steps.
 */
export function textMemory(config: BaseConfig, states: Node): TextMemory[] {
  const { width, heads } = config;
  let text = linear("text_projection", states, width, NO_BIAS); // [B,T,D]
  text = layerNorm("text_norm", text);
  return Array.from({ length: config.layers }, (_, i) => {
    const name = `layers.${i}.cross_attention`;
    const keys = linear(`${name}.to_k`, text, width, NO_BIAS);
    const values = linear(`${name}.to_v`, text, width, NO_BIAS);
    return {
      keys: splitHeads(keys, heads),
      values: splitHeads(values, heads),
    };
  });
}

/** What the text is and for which samples it counts. */
export interface TextCondition {
  readonly memory: readonly TextMemory[];
  /** [B,T], 1 for a text token and 0 for padding. */
  readonly mask: Node;
  /** [B], 1 with text and 0 without: cross-attention adds nothing then. */
  readonly factor: Node;
}

/** What a layer computes on its way. */
export interface BaseLayer {
  /** What each token reads of each token, rows of sum 1: [B,heads,N,N]. */
  readonly selfAttention: Node;
  /** What each token reads of each piece of the text: [B,heads,N,T]. */
  readonly crossAttention: Node;
  /** What leaves the layer: [B,N,D]. */
  readonly output: Node;
}

/** The nodes of a base transformer: any of them may be asked for. */
export interface BaseNodes {
  /** From the first to the last. */
  readonly layers: readonly BaseLayer[];
  /** [B,N,K]. */
  readonly logits: Node;
}

/** Token ids [B,N], the mask's id included -> logits [B,N,K]. */
export function baseLogits(
  config: BaseConfig,
  ids: Node,
  text: TextCondition,
): Node {
  return baseNodes(config, ids, text).logits;
}

/** {@linkcode baseLogits} with what lies on the way to them. */
export function baseNodes(
  config: BaseConfig,
  ids: Node,
  text: TextCondition,
): BaseNodes {
  const { width, codes } = config;
  const factor = reshape(text.factor, [-1, 1, 1]); // [B,1,1]
  const bias = maskBias(text.mask); // [B,1,1,T]
  let x = embedding("token_embedding", ids, codes + 1, width); // [B,N,D]
  x = add(x, positions(config));
  const layers = text.memory.map((memory, i) => {
    const read = { ...memory, bias, factor };
    const layer = baseLayer(`layers.${i}`, config, x, read);
    x = layer.output;
    return layer;
  });
  x = layerNorm("final_norm", x);
  x = gelu(linear("head.dense", x, width));
  const logits = linear("head.logits", layerNorm("head.norm", x), codes);
  return { layers, logits }; // logits [B,N,K]
}

function baseLayer(
  name: string,
  { width, heads, hidden }: BaseConfig,
  input: Node,
  text: TextMemory & { readonly bias: Node; readonly factor: Node },
): BaseLayer {
  const project = (part: string, x: Node, to: number) =>
    linear(`${name}.${part}`, x, to, NO_BIAS);
  let x = input;
  const own = layerNorm(`${name}.norm1`, x);
  const [q, k, v] = ["to_q", "to_k", "to_v"].map((part) =>
    splitHeads(project(`self_attention.${part}`, own, width), heads)
  );
  const selfAttention = attentionMap(q, k);
  const mixed = joinHeads(matmul(selfAttention, v));
  x = add(x, project("self_attention.to_out", mixed, width));

  const asking = layerNorm(`${name}.norm2`, x);
  const query = project("cross_attention.to_q", asking, width);
  const crossAttention = attentionMap(
    splitHeads(query, heads),
    text.keys,
    text.bias,
  );
  const read = joinHeads(matmul(crossAttention, text.values));
  const heard = project("cross_attention.to_out", read, width);
  x = add(x, mul(heard, text.factor));

  const wide = project(
    "feed_forward.up",
    layerNorm(`${name}.norm3`, x),
    hidden,
  );
  x = add(x, project("feed_forward.down", gelu(wide), width)); // [B,N,D]
  return { selfAttention, crossAttention, output: x };
}

/** Learned positions of the grid [N,D]: a row's and a column's, summed. */
function positions(config: BaseConfig): Node {
  const [height, width] = config.grid;
  const rows = parameter("row_embedding.weight", [height, config.width]);
  const columns = parameter("column_embedding.weight", [width, config.width]);
  const grid = add(
    reshape(rows, [height, 1, config.width]),
    reshape(columns, [1, width, config.width]),
  ); // [h,w,D]
  return reshape(grid, [height * width, config.width]);
}
