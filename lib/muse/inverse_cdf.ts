/** Finding where a running sum over codes reaches a share of its total. */

import { B } from "../graph/dim.ts";
import type { Node } from "../graph/node.ts";
import {
  add,
  cast,
  constant,
  cumsum,
  equal,
  greater,
  max,
  minimum,
  mul,
  not,
  reshape,
  select,
  slice,
  sub,
  sum,
} from "../graph/ops.ts";

/** The largest float32 below 1: times it, every number gets smaller. */
const LARGEST_UNIFORM = 1 - 2 ** -24;

/** One code of every position. */
export interface Located {
  /** Its place, int32 [B,N]. */
  readonly index: Node;
  /** The number of the list that is there, [B,N]. */
  readonly value: Node;
}

/**
 * The first place where the running sum of weights is above a share of the
 * total: what inverts a distribution function. In two stages, first a block of
 * about √K codes, then a code of the block: a running sum over all codes is
 * what would take most of the time.
 *
 * @param values [B,N,K]
 * @param weigh from values to weights of at least 0, entry by entry
 * @param share [B,N,1], in [0, 1)
 */
export function locate(
  values: Node,
  weigh: (values: Node) => Node,
  share: Node,
): Located {
  const [, tokens, codes] = values.shape as [typeof B, number, number];
  const size = blockSize(codes);
  const blocks = reshape(values, [B, tokens, codes / size, size]);
  const blockWeights = sum(
    reshape(weigh(values), blocks.shape),
    [-1],
  ); // [B,N,K/size]
  const block = invert(blockWeights, (total) => mul(share, total));
  const isBlock = reshape(block.isChosen, [B, tokens, codes / size, 1]);
  const inBlock = sum(select(isBlock, blocks, 0), [-2]); // [B,N,size]
  const code = invert(
    weigh(inBlock),
    // The two stages round differently; the limit keeps the code in the block.
    (total) => minimum(block.rest, mul(total, LARGEST_UNIFORM)),
  );
  return {
    index: add(mul(block.index, size), code.index),
    value: sum(select(code.isChosen, inBlock, 0), [-1]), // [B,N]
  };
}

/** Where in a list of weights a threshold falls. */
interface Place {
  /** int32 [B,N]. */
  readonly index: Node;
  /** [B,N,n], true at the index. */
  readonly isChosen: Node;
  /** What the threshold is above the weights before the index, [B,N,1]. */
  readonly rest: Node;
}

/**
 * The first place of weights [B,N,n] where their running sum is above the
 * threshold. A threshold below the total, the last running sum, so finds a
 * place, and one of positive weight, however sums are rounded.
 */
function invert(weights: Node, threshold: (total: Node) => Node): Place {
  const count = weights.shape.at(-1) as number;
  const upTo = cumsum(weights); // [B,N,n]
  const limit = threshold(slice(upTo, -1, count - 1, count)); // [B,N,1]
  const isBefore = not(greater(upTo, limit));
  const index = cast(sum(cast(isBefore, "float32"), [-1], true), "int32");
  const places = constant(Int32Array.from({ length: count }, (_, i) => i));
  return {
    index: reshape(index, index.shape.slice(0, -1)),
    isChosen: equal(places, index),
    rest: sub(limit, max(select(isBefore, upTo, 0), [-1], true)),
  };
}

/** The largest divisor of a number up to its square root. */
function blockSize(codes: number): number {
  let size = Math.floor(Math.sqrt(codes));
  while (codes % size !== 0) size--;
  return size;
}
