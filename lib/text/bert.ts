/** BERT's encoder (arXiv 1810.04805), as the `transformers` library has it. */

import type { Node } from "../graph/node.ts";
import { add, gelu, parameter, slice } from "../graph/ops.ts";
import { attend, joinHeads, maskBias, splitHeads } from "../nn/attention.ts";
import { embedding, linear } from "../nn/linear.ts";
import { layerNorm } from "../nn/norm.ts";
import { networkFields } from "../run/network_fields.ts";

/** Sizes of a BERT. */
export interface BertConfig {
  /** Number of text ids. */
  readonly vocabulary: number;
  /** E. */
  readonly width: number;
  /** Number of transformer layers. */
  readonly layers: number;
  /** Attention heads; divides the width. */
  readonly heads: number;
  /** Hidden width of the feed-forward part. */
  readonly hidden: number;
  /** Longest text. */
  readonly positions: number;
  /** Kinds of text; all of ours are of the first. */
  readonly types: number;
  /** What the normalizations add to a variance. */
  readonly epsilon: number;
}

const COUNTS = {
  vocabulary: "vocab_size",
  width: "hidden_size",
  layers: "num_hidden_layers",
  heads: "num_attention_heads",
  hidden: "intermediate_size",
  positions: "max_position_embeddings",
  types: "type_vocab_size",
} as const;

/**
 * Reads the sizes from a published `config.json`.
 * @throws if a size is absent or the network is not the one defined here
 */
export function parseBertConfig(
  json: Readonly<Record<string, unknown>>,
): BertConfig {
  const fields = networkFields(
    "BERT",
    { position_embedding_type: "absolute", ...json },
    "take the file from the model's publisher",
  );
  fields.oneOf("model_type", ["bert"]);
  fields.oneOf("hidden_act", ["gelu"]);
  fields.oneOf("position_embedding_type", ["absolute"]);
  const epsilon = fields.number("layer_norm_eps");
  if (fields.count("hidden_size") % fields.count("num_attention_heads") !== 0) {
    fields.wrong("num_attention_heads", "a divisor of hidden_size");
  }
  const sizes = Object.entries(COUNTS)
    .map(([name, key]) => [name, fields.count(key)]);
  return {
    ...Object.fromEntries(sizes) as Record<keyof typeof COUNTS, number>,
    epsilon,
  };
}

/**
 * The last hidden states [B,T,E] of text ids [B,T]; `mask` [B,T] is 1 where
 * an id belongs to the text and 0 where it fills up. Parameters carry the
 * checkpoint's names.
 */
export function bertEncoder(
  config: BertConfig,
  ids: Node,
  mask: Node,
): Node {
  return bertStates(config, ids, mask)[config.layers];
}

/** As {@link bertEncoder}, all states: the embeddings', then each layer's. */
export function bertStates(
  config: BertConfig,
  ids: Node,
  mask: Node,
): readonly Node[] {
  const bias = maskBias(mask); // [B,1,1,T]
  const states = [bertEmbeddings(config, ids)];
  for (let i = 0; i < config.layers; i++) {
    states.push(bertLayer(`encoder.layer.${i}`, config, states[i], bias));
  }
  return states;
}

function bertEmbeddings(config: BertConfig, ids: Node): Node {
  const { vocabulary, width, positions, types, epsilon } = config;
  const length = ids.shape[1] as number;
  if (length > positions) {
    throw new RangeError(
      `building a BERT: found texts of ${length} ids, wanted at most its ` +
        `${positions} positions; choose a smaller length`,
    );
  }
  const rows = (name: string, count: number, used: number) =>
    slice(parameter(`embeddings.${name}.weight`, [count, width]), 0, 0, used);
  const words = embedding(
    "embeddings.word_embeddings",
    ids,
    vocabulary,
    width,
  ); // [B,T,E]
  const places = rows("position_embeddings", positions, length); // [T,E]
  const type = rows("token_type_embeddings", types, 1); // [1,E]
  const sum = add(words, add(places, type)); // [B,T,E]
  return layerNorm("embeddings.LayerNorm", sum, epsilon);
}

/** x [B,T,E] -> [B,T,E]; normalization comes after each sum. */
function bertLayer(
  name: string,
  { width, heads, hidden, epsilon }: BertConfig,
  x: Node,
  bias: Node,
): Node {
  const project = (part: string) =>
    splitHeads(linear(`${name}.attention.self.${part}`, x, width), heads);
  const [q, k, v] = ["query", "key", "value"].map(project); // [B,h,T,E/h]
  const seen = joinHeads(attend(q, k, v, bias)); // [B,T,E]
  const attended = layerNorm(
    `${name}.attention.output.LayerNorm`,
    add(x, linear(`${name}.attention.output.dense`, seen, width)),
    epsilon,
  );
  const inner = gelu(linear(`${name}.intermediate.dense`, attended, hidden));
  return layerNorm(
    `${name}.output.LayerNorm`,
    add(attended, linear(`${name}.output.dense`, inner, width)),
    epsilon,
  );
}
