/**
 * The base transformer (paper, section 2.3): image tokens attend to each
 * other and to the text in every layer; an MLP gives logits over the codes.
 * Norms come first. Within the layers they hold the only biases; the head's two
 * products have biases too.
 */

import type { Node } from "../graph/node.ts";
import { add, gelu, mul, parameter, reshape } from "../graph/ops.ts";
import { attend, joinHeads, maskBias, splitHeads } from "../nn/attention.ts";
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

/** Token ids [B,N], the mask's id included -> logits [B,N,K]. */
export function baseLogits(
  config: BaseConfig,
  ids: Node,
  text: TextCondition,
): Node {
  const { width, heads, hidden, codes } = config;
  const factor = reshape(text.factor, [-1, 1, 1]); // [B,1,1]
  const bias = maskBias(text.mask); // [B,1,1,T]
  let x = embedding("token_embedding", ids, codes + 1, width); // [B,N,D]
  x = add(x, positions(config));
  text.memory.forEach(({ keys, values }, i) => {
    const name = `layers.${i}`;
    const own = layerNorm(`${name}.norm1`, x);
    x = add(x, selfAttention(`${name}.self_attention`, own, heads));

    const query = linear(
      `${name}.cross_attention.to_q`,
      layerNorm(`${name}.norm2`, x),
      width,
      NO_BIAS,
    );
    const read = joinHeads(
      attend(splitHeads(query, heads), keys, values, bias),
    );
    const heard = linear(
      `${name}.cross_attention.to_out`,
      read,
      width,
      NO_BIAS,
    );
    x = add(x, mul(heard, factor));

    const wide = linear(
      `${name}.feed_forward.up`,
      layerNorm(`${name}.norm3`, x),
      hidden,
      NO_BIAS,
    ); // [B,N,hidden]
    x = add(x, linear(`${name}.feed_forward.down`, gelu(wide), width, NO_BIAS));
  });
  x = layerNorm("final_norm", x);
  x = gelu(linear("head.dense", x, width));
  return linear("head.logits", layerNorm("head.norm", x), codes); // [B,N,K]
}

function selfAttention(name: string, x: Node, heads: number): Node {
  const width = x.shape.at(-1) as number;
  const [q, k, v] = ["to_q", "to_k", "to_v"].map((part) =>
    splitHeads(linear(`${name}.${part}`, x, width, NO_BIAS), heads)
  );
  const mixed = joinHeads(attend(q, k, v));
  return linear(`${name}.to_out`, mixed, width, NO_BIAS);
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
