/**
 * The sampler as a graph: logits and one uniform number for every position
 * become token ids and their confidence. Joined to a network it keeps the
 * logits inside the runtime; on its own it takes logits that are fed.
 */

import { B } from "../graph/dim.ts";
import type { Node } from "../graph/node.ts";
import {
  add,
  cast,
  constant,
  cumsum,
  div,
  equal,
  exp,
  greater,
  input,
  less,
  max,
  maximum,
  minimum,
  mul,
  not,
  reshape,
  select,
  slice,
  sub,
  sum,
  topK,
} from "../graph/ops.ts";
import { guide } from "./guidance.ts";

/** What is decided when a sampler is built. */
export interface SamplerOptions {
  /**
   * The logits have two parts: those of all pictures with the prompt, then
   * those of all pictures without it (or with a negative prompt).
   */
  readonly guided: boolean;
  /**
   * Draw from the k likeliest codes only (and what ties with the last of
   * them); from all by default.
   */
  readonly topK?: number;
}

/** What a sampler is fed at each run. */
export interface SamplerInputs {
  /** [B,N], in [0, 1): decides which code is drawn. */
  readonly uniforms: Node;
  /** Scalar; below 1 likely codes are preferred, 0 takes the likeliest. */
  readonly temperature: Node;
  /** Scalar t of the guidance; not read by a sampler without guidance. */
  readonly guidance: Node;
}

/** What a sampler gives. */
export interface Samples {
  /** The codes drawn, int32 [B,N], from 0 to K-1. */
  readonly ids: Node;
  /**
   * The probability of each of them, [B,N], by the guided logits at
   * temperature 1 and among all codes: sampling greedily doesn't make the
   * network more confident.
   */
  readonly confidence: Node;
}

/** Inputs named `uniforms`, `temperature` and `guidance`, for N tokens. */
export function samplerInputs(tokens: number): SamplerInputs {
  return {
    uniforms: input("uniforms", [B, tokens]),
    temperature: input("temperature", []),
    guidance: input("guidance", []),
  };
}

/** A sampler alone, with the logits as the input `logits`. */
export function samplerGraph(
  tokens: number,
  codes: number,
  options: SamplerOptions,
): Samples {
  const logits = input("logits", [options.guided ? "2B" : B, tokens, codes]);
  return sampleTokens(logits, samplerInputs(tokens), options);
}

/**
 * Draws one code for every position, by inverting the distribution function
 * in two stages: first a block of about √K codes, then a code of the block.
 * A running sum over all codes is what would take most of the time.
 *
 * @param logits [2B,N,K] if guided, else [B,N,K]
 */
export function sampleTokens(
  logits: Node,
  inputs: SamplerInputs,
  options: SamplerOptions,
): Samples {
  const guided = options.guided ? guideHalves(logits, inputs.guidance) : logits;
  const [, tokens, codes] = guided.shape as [typeof B, number, number];
  const shifted = sub(guided, max(guided, [-1], true)); // [B,N,K], at most 0
  const least = options.topK === undefined
    ? undefined
    : slice(topK(shifted, options.topK), -1, options.topK - 1, options.topK);
  const weigh = (x: Node) => exp(temper(x, inputs.temperature, least));

  const size = blockSize(codes);
  const blocks = reshape(shifted, [B, tokens, codes / size, size]);
  const blockWeights = sum(
    reshape(weigh(shifted), blocks.shape),
    [-1],
  ); // [B,N,K/size]
  const block = invert(blockWeights, (total) => {
    // At temperature 0 all weights vanish but those of the likeliest codes,
    // of which 0 finds the first.
    const u = select(greater(inputs.temperature, 0), inputs.uniforms, 0);
    return mul(reshape(u, [B, tokens, 1]), total);
  });
  const isBlock = reshape(block.isChosen, [B, tokens, codes / size, 1]);
  const inBlock = sum(select(isBlock, blocks, 0), [-2]); // [B,N,size]
  const code = invert(
    weigh(inBlock),
    // The two stages round differently; the limit keeps the code in the block.
    (total) => minimum(block.rest, mul(total, LARGEST_UNIFORM)),
  );

  const chosen = sum(select(code.isChosen, inBlock, 0), [-1]); // [B,N]
  return {
    ids: add(mul(block.index, size), code.index),
    confidence: div(exp(chosen), sum(exp(shifted), [-1])),
  };
}

/** The largest float32 below 1: times it, every number gets smaller. */
const LARGEST_UNIFORM = 1 - 2 ** -24;

/** [2B,N,K] -> [B,N,K]; the batch can't be sliced, an axis of its own can. */
function guideHalves(logits: Node, scale: Node): Node {
  const [, tokens, codes] = logits.shape;
  const halves = reshape(logits, [2, B, tokens, codes]);
  const [conditional, unconditional] = [0, 1].map((half) =>
    reshape(slice(halves, 0, half, half + 1), [B, tokens, codes])
  );
  return guide(conditional, unconditional, scale);
}

/** Logits by the temperature; minus infinity for codes below the least. */
function temper(shifted: Node, temperature: Node, least?: Node): Node {
  // The bound keeps 0 from being divided by 0.
  const tempered = div(shifted, maximum(temperature, 1e-30));
  return least ? select(less(shifted, least), -Infinity, tempered) : tempered;
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
