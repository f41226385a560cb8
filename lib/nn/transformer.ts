/**
 * The parts of a transformer's layers. Each gives what is added to the stream
 * it reads; the norms come before, and nothing here has a bias.
 */

import type { Node } from "../graph/node.ts";
import { gelu, matmul } from "../graph/ops.ts";
import { attentionMap, joinHeads, splitHeads } from "./attention.ts";
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
  turn: Turn = (x) => x,
): Attention {
  const { keys, values } = memoryOf(name, x, heads);
  const queries = turn(queriesOf(name, x, heads));
  return readMemory(name, queries, { keys: turn(keys), values });
}

/** x [B,N,D] -> [B,N,D], where `mix` says who attends to whom. */
export function mixedAttention(name: string, x: Node, mix: Mix): Node {
  const width = x.shape.at(-1) as number;
  const [q, k, v] = ["to_q", "to_k", "to_v"].map((part) =>
    linear(`${name}.${part}`, x, width, NO_BIAS)
  );
  return linear(`${name}.to_out`, mix(q, k, v), width, NO_BIAS);
}

/** Keys and values of x [B,M,D] for an attention of that name. */
export function memoryOf(name: string, x: Node, heads: number): Memory {
  const width = x.shape.at(-1) as number;
  const [keys, values] = ["to_k", "to_v"].map((part) =>
    splitHeads(linear(`${name}.${part}`, x, width, NO_BIAS), heads)
  );
  return { keys, values };
}

/** x [B,N,D] reads a memory; `bias` broadcasts to [B,heads,N,M]. */
export function crossAttention(
  name: string,
  x: Node,
  memory: Memory,
  bias?: Node,
): Attention {
  const heads = memory.keys.shape[1] as number;
  return readMemory(name, queriesOf(name, x, heads), memory, bias);
}

/** x [B,N,D] -> [B,heads,N,D/heads]. */
function queriesOf(name: string, x: Node, heads: number): Node {
  const width = x.shape.at(-1) as number;
  return splitHeads(linear(`${name}.to_q`, x, width, NO_BIAS), heads);
}

function readMemory(
  name: string,
  queries: Node,
  { keys, values }: Memory,
  bias?: Node,
): Attention {
  const map = attentionMap(queries, keys, bias);
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
