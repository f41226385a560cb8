/**
 * The sampler as a graph: logits and one uniform number for every position
 * become token ids and their confidence. Joined to a network it keeps the
 * logits inside the runtime; on its own it takes logits that are fed.
 */

import { B } from "../graph/dim.ts";
import type { Node } from "../graph/node.ts";
import {
  add,
  div,
  exp,
  greater,
  input,
  less,
  max,
  maximum,
  reshape,
  select,
  slice,
  sub,
  sum,
} from "../graph/ops.ts";
import { guide } from "./guidance.ts";
import { locate } from "./inverse_cdf.ts";
import { leastKept, type Truncation } from "./truncate.ts";

/** What is decided when a sampler is built. */
export interface SamplerOptions {
  /**
   * The logits have two parts: those of all pictures with the prompt, then
   * those of all pictures without it (or with a negative prompt).
   */
  readonly guided: boolean;
  /**
   * Draw from the likeliest codes only, how many the inputs `topK` and `topP`
   * say.
   */
  readonly truncated: boolean;
}

/** What a sampler is fed at each run; a limit only if it is truncated. */
export interface SamplerInputs extends Truncation {
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
  /** The guided logit of each of them, [B,N]. */
  readonly logits: Node;
}

/** Inputs named as the fields are, for N tokens. */
export function samplerInputs(tokens: number): SamplerInputs {
  return {
    uniforms: input("uniforms", [B, tokens]),
    temperature: input("temperature", []),
    guidance: input("guidance", []),
    topK: input("topK", []),
    topP: input("topP", []),
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
 * Draws one code for every position, by inverting the distribution function.
 *
 * @param logits [2B,N,K] if guided, else [B,N,K]
 */
export function sampleTokens(
  logits: Node,
  inputs: SamplerInputs,
  options: SamplerOptions,
): Samples {
  const guided = options.guided ? guideHalves(logits, inputs.guidance) : logits;
  const [, tokens] = guided.shape as [typeof B, number, number];
  const largest = max(guided, [-1], true); // [B,N,1]
  const shifted = sub(guided, largest); // [B,N,K], at most 0
  const weigh = weights(shifted, inputs, options);
  // At temperature 0 all weights vanish but those of the likeliest codes, of
  // which 0 finds the first.
  const u = select(greater(inputs.temperature, 0), inputs.uniforms, 0);
  const drawn = locate(shifted, weigh, reshape(u, [B, tokens, 1]));
  return {
    ids: drawn.index,
    confidence: div(exp(drawn.value), sum(exp(shifted), [-1])),
    logits: add(drawn.value, reshape(largest, [B, tokens])),
  };
}

/** [2B,N,K] -> [B,N,K]; the batch can't be sliced, an axis of its own can. */
function guideHalves(logits: Node, scale: Node): Node {
  const [, tokens, codes] = logits.shape;
  const halves = reshape(logits, [2, B, tokens, codes]);
  const [conditional, unconditional] = [0, 1].map((half) =>
    reshape(slice(halves, 0, half, half + 1), [B, tokens, codes])
  );
  return guide(conditional, unconditional, scale);
}

/** From logits [B,N,K], or some of them, to what they are drawn by. */
function weights(
  shifted: Node,
  inputs: SamplerInputs,
  { truncated }: SamplerOptions,
): (shifted: Node) => Node {
  const { temperature } = inputs;
  if (!truncated) return (x) => exp(temper(x, temperature));
  const least = leastKept(temper(shifted, temperature), inputs);
  return (x) => {
    const logs = temper(x, temperature);
    return select(less(logs, least), 0, exp(logs));
  };
}

/** Logits by the temperature. The bound keeps 0 from being divided by 0. */
function temper(shifted: Node, temperature: Node): Node {
  return div(shifted, maximum(temperature, 1e-30));
}
