/**
 * T5's encoder (arXiv 1910.10683), version 1.1 and the original one, as the
 * `transformers` library has it. It is to be computed in float32: its states
 * outgrow float16.
 */

import type { Node } from "../graph/node.ts";
import {
  add,
  constant,
  gather,
  matmul,
  mul,
  parameter,
  relu,
  reshape,
  softmax,
  tanh,
  transpose,
} from "../graph/ops.ts";
import { joinHeads, maskBias, splitHeads } from "../nn/attention.ts";
import { embedding, linear } from "../nn/linear.ts";
import { rmsNorm } from "../nn/norm.ts";
import { networkFields } from "../run/network_fields.ts";
import { positionBuckets } from "./t5_buckets.ts";

/** Sizes of a T5 encoder. */
export interface T5Config {
  /** Number of text ids. */
  readonly vocabulary: number;
  /** E. */
  readonly width: number;
  /** Number of transformer layers. */
  readonly layers: number;
  /** Attention heads. */
  readonly heads: number;
  /** Width of a head, whatever the width of the states is. */
  readonly headWidth: number;
  /** Hidden width of the feed-forward part. */
  readonly hidden: number;
  /** Two matrices and a gate, as in version 1.1, or one with a ReLU. */
  readonly feedForward: "gated-gelu" | "relu";
  /** Kinds of distances between two text ids. */
  readonly buckets: number;
  /** From here on, all distances are of one kind. */
  readonly farthest: number;
  /** What the normalizations add to a mean square. */
  readonly epsilon: number;
}

/** What the published encoders of version 1.1 have in common. */
const V1_1 = {
  vocabulary: 32128,
  headWidth: 64,
  feedForward: "gated-gelu",
  buckets: 32,
  farthest: 128,
  epsilon: 1e-6,
} as const;

/** The published encoders of version 1.1. */
export const T5_SIZES = {
  small: { ...V1_1, width: 512, layers: 8, heads: 6, hidden: 1024 },
  base: { ...V1_1, width: 768, layers: 12, heads: 12, hidden: 2048 },
  large: { ...V1_1, width: 1024, layers: 24, heads: 16, hidden: 2816 },
  xl: { ...V1_1, width: 2048, layers: 24, heads: 32, hidden: 5120 },
  xxl: { ...V1_1, width: 4096, layers: 24, heads: 64, hidden: 10240 },
} as const satisfies Record<string, T5Config>;

/** What the files of older models leave out. */
const MISSING = {
  feed_forward_proj: "relu",
  relative_attention_max_distance: 128,
};

/**
 * Reads the sizes from a published `config.json`.
 * @throws if a size is absent or the network is not the one defined here
 */
export function parseT5Config(
  json: Readonly<Record<string, unknown>>,
): T5Config {
  const { count, number, oneOf } = networkFields(
    "T5",
    { ...MISSING, ...json },
    "take the file from the model's publisher",
  );
  oneOf("model_type", ["t5"]);
  return {
    vocabulary: count("vocab_size"),
    width: count("d_model"),
    layers: count("num_layers"),
    heads: count("num_heads"),
    headWidth: count("d_kv"),
    hidden: count("d_ff"),
    feedForward: oneOf("feed_forward_proj", ["relu", "gated-gelu"]),
    buckets: count("relative_attention_num_buckets"),
    farthest: count("relative_attention_max_distance"),
    epsilon: number("layer_norm_epsilon"),
  };
}

/**
 * The encoder's states [B,T,E] of text ids [B,T]; `mask` [B,T] is 1 where an
 * id belongs to the text and 0 where it fills up. Parameters carry the
 * checkpoint's names.
 */
export function t5Encoder(config: T5Config, ids: Node, mask: Node): Node {
  const { vocabulary, width, layers, epsilon } = config;
  const bias = add(
    positionBias(config, ids.shape[1] as number),
    maskBias(mask),
  ); // [B,h,T,T]
  let x = embedding("shared", ids, vocabulary, width); // [B,T,E]
  for (let i = 0; i < layers; i++) {
    const name = `encoder.block.${i}.layer`;
    const attended = rmsNorm(`${name}.0.layer_norm`, x, epsilon);
    x = add(
      x,
      selfAttention(`${name}.0.SelfAttention`, config, attended, bias),
    );
    const read = rmsNorm(`${name}.1.layer_norm`, x, epsilon);
    x = add(x, feedForward(`${name}.1.DenseReluDense`, config, read));
  }
  return rmsNorm("encoder.final_layer_norm", x, epsilon);
}

/** What a head adds for the distance of two text ids: [1,h,T,T]. */
function positionBias(
  { buckets, heads, farthest }: T5Config,
  length: number,
): Node {
  const kinds = positionBuckets(length, buckets, farthest);
  // All layers use the first one's.
  const table = parameter(
    "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight",
    [buckets, heads],
  );
  const rows = gather(table, constant(kinds, [length, length])); // [T,T,h]
  const bias = transpose(rows, [2, 0, 1]); // [h,T,T]
  return reshape(bias, [1, heads, length, length]); // [1,h,T,T]
}

/** x [B,T,E] -> [B,T,E]; the scores are not divided by the root of a size. */
function selfAttention(
  name: string,
  { heads, headWidth, width }: T5Config,
  x: Node,
  bias: Node,
): Node {
  const inner = heads * headWidth;
  const [q, k, v] = ["q", "k", "v"].map((part) =>
    splitHeads(linear(`${name}.${part}`, x, inner, { bias: false }), heads)
  ); // [B,h,T,d]
  const scores = matmul(q, k, { transposeB: true }); // [B,h,T,T]
  const seen = matmul(softmax(add(scores, bias)), v); // [B,h,T,d]
  return linear(`${name}.o`, joinHeads(seen), width, { bias: false });
}

/** x [B,T,E] -> [B,T,E]. */
function feedForward(
  name: string,
  { hidden, width, feedForward }: T5Config,
  x: Node,
): Node {
  const wide = (part: string) =>
    linear(`${name}.${part}`, x, hidden, { bias: false }); // [B,T,hidden]
  const inner = feedForward === "relu"
    ? relu(wide("wi"))
    : mul(geluTanh(wide("wi_0")), wide("wi_1"));
  return linear(`${name}.wo`, inner, width, { bias: false });
}

/** The approximation x/2 * (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))). */
function geluTanh(x: Node): Node {
  const cube = mul(mul(x, x), x);
  const inner = mul(add(x, mul(cube, 0.044715)), Math.sqrt(2 / Math.PI));
  return mul(mul(x, 0.5), add(tanh(inner), 1));
}
