/**
 * The parts of a transformer's layers. Each gives what is added to the stream
 * it reads; the norms come before, and nothing here has a bias.
 */

import type { Node } from "../graph/node.ts";
import { concat, gelu, matmul, slice } from "../graph/ops.ts";
import {
  attentionMap,
  attentionScores,
  joinHeads,
  splitHeads,
} from "./attention.ts";
import { linear } from "./linear.ts";
import type { Turn } from "./rotary.ts";

const NO_BIAS = { bias: false };

/** What an attention reads and gives. */
export interface Attention {
  /** How much each position reads of each: [B,heads,N,M]. */
  readonly map: Node;
  /** [B,N,D] */
  readonly output: Node;
}

/** What a cross-attention reads: [B,heads,M,D/heads]. */
export interface Memory {
  readonly keys: Node;
  readonly values: Node;
}

/** Where the queries of a cross-attention are. */
export interface Placed {
  /** Of what is read, that many from the first on were turned too. */
  readonly count: number;
  /** Turns queries by their places. */
  readonly turn: Turn;
}

/** Queries, keys and values [B,N,D] -> what each position reads [B,N,D]. */
export type Mix = (q: Node, k: Node, v: Node) => Node;

/**
 * x [B,N,D], where every position attends to every other one. `turn` tells
 * queries and keys where they are.
 */
export function selfAttention(
  name: string,
  x: Node,
  heads: number,
  turn?: Turn,
): Attention {
  const { keys, values } = memoryOf(name, x, heads, turn);
  const queries = splitHeads(queriesOf(name, x), heads, turn);
  return readBy(name, attentionScores(queries, keys), values);
}

/** x [B,N,D] -> [B,N,D], where `mix` says who attends to whom. */
export function mixedAttention(name: string, x: Node, mix: Mix): Node {
  const width = x.shape.at(-1) as number;
  const [q, k, v] = ["to_q", "to_k", "to_v"].map((part) =>
    linear(`${name}.${part}`, x, width, NO_BIAS)
  );
  return linear(`${name}.to_out`, mix(q, k, v), width, NO_BIAS);
}

/**
 * Keys and values of x [B,M,D] for an attention of that name; `turn` tells the
 * keys where they are.
 */
export function memoryOf(
  name: string,
  x: Node,
  heads: number,
  turn?: Turn,
): Memory {
  const width = x.shape.at(-1) as number;
  const project = (part: string) =>
    linear(`${name}.${part}`, x, width, NO_BIAS);
  return {
    keys: splitHeads(project("to_k"), heads, turn),
    values: splitHeads(project("to_v"), heads),
  };
}

/**
 * x [B,N,D] reads a memory; `bias` broadcasts to [B,heads,N,M]. What lies at a
 * place is asked by queries that were told theirs, the rest by others.
 */
export function crossAttention(
  name: string,
  x: Node,
  { keys, values }: Memory,
  bias?: Node,
  placed?: Placed,
): Attention {
  const [, heads, length] = keys.shape as number[];
  const projected = queriesOf(name, x);
  const queries = splitHeads(projected, heads);
  if (!placed) {
    return readBy(name, attentionScores(queries, keys), values, bias);
  }
  const { count, turn } = placed;
  const scores = concat([
    attentionScores(
      splitHeads(projected, heads, turn),
      slice(keys, 2, 0, count),
    ),
    attentionScores(queries, slice(keys, 2, count, length)),
  ], 3); // [B,heads,N,M]
  return readBy(name, scores, values, bias);
}

function queriesOf(name: string, x: Node): Node {
  return linear(`${name}.to_q`, x, x.shape.at(-1) as number, NO_BIAS);
}

function readBy(
  name: string,
  scores: Node,
  values: Node,
  bias?: Node,
): Attention {
  const map = attentionMap(scores, bias);
  const read = joinHeads(matmul(map, values)); // [B,N,D]
  const width = read.shape.at(-1) as number;
  return { map, output: linear(`${name}.to_out`, read, width, NO_BIAS) };
}

/** x [B,N,D] -> [B,N,D] over a hidden width. */
export function feedForward(name: string, x: Node, hidden: number): Node {
  const width = x.shape.at(-1) as number;
  const wide = linear(`${name}.up`, x, hidden, NO_BIAS); // [B,N,hidden]
  return linear(`${name}.down`, gelu(wide), width, NO_BIAS);
}
