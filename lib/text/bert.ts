/** BERT's encoder (arXiv 1810.04805), as the `transformers` library has it. */

import type { Node } from "../graph/node.ts";
import { add, gelu, parameter, slice } from "../graph/ops.ts";
import { attend, joinHeads, maskBias, splitHeads } from "../nn/attention.ts";
import { embedding, linear } from "../nn/linear.ts";
import { layerNorm } from "../nn/norm.ts";

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
  const wrong = (key: string, wanted: string): never => {
    throw new Error(
      `reading a BERT's configuration: "${key}" is ` +
        `${JSON.stringify(json[key])}, wanted ${wanted}`,
    );
  };
  const count = (key: string): number => {
    const value = json[key];
    return typeof value === "number" && Number.isInteger(value) && value > 0
      ? value
      : wrong(key, "a positive integer");
  };
  if (json.model_type !== "bert") wrong("model_type", '"bert"');
  if (json.hidden_act !== "gelu") wrong("hidden_act", '"gelu"');
  const position = json.position_embedding_type ?? "absolute";
  if (position !== "absolute") wrong("position_embedding_type", '"absolute"');
  const { layer_norm_eps: epsilon } = json;
  if (count("hidden_size") % count("num_attention_heads") !== 0) {
    wrong("num_attention_heads", "a divisor of hidden_size");
  }
  const sizes = Object.entries(COUNTS).map(([name, key]) => [name, count(key)]);
  return {
    ...Object.fromEntries(sizes) as Record<keyof typeof COUNTS, number>,
    epsilon: typeof epsilon === "number"
      ? epsilon
      : wrong("layer_norm_eps", "a number"),
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
