/** What the training of a VQGAN minimizes, and the care of its codebook. */

import type { Node } from "../graph/node.ts";
import {
  abs,
  add,
  input,
  mean,
  mul,
  square,
  stopGradient,
  sub,
  sum,
} from "../graph/ops.ts";
import type { Rng } from "../run/random.ts";
import type { VqganConfig } from "../vqgan/config.ts";
import { decoder, encoder, quantize } from "../vqgan/network.ts";
import type { TrainState } from "./step.ts";

/** Weights of the parts of the loss. */
export interface TokenizerLosses {
  readonly absolute: number;
  readonly squared: number;
  readonly codebook: number;
  readonly commitment: number;
}

/** The parts of a tokenizer's graph that training needs. */
export interface TokenizerGraph {
  /** Pictures [B,3,H,W] in -1..1, input "pictures". */
  readonly pictures: Node;
  readonly rebuilt: Node;
  readonly loss: Node;
  /** Results of a step: `ids`, `rows`, `squaredError`. */
  readonly outputs: Readonly<Record<string, Node>>;
}

/** Encodes, quantizes, decodes, and compares. */
export function tokenizerGraph(
  config: VqganConfig,
  weights: TokenizerLosses,
  batch: number,
): TokenizerGraph {
  const side = config.imageSize;
  const pictures = input("pictures", [batch, 3, side, side]);
  const { codes, ids, rows, nearest } = quantize(
    config,
    encoder(config, pictures),
  );
  const rebuilt = decoder(config, codes);
  const error = sub(rebuilt, pictures);
  const squaredError = mean(square(error));
  const distance = (a: Node, b: Node) =>
    mean(sum(square(sub(stopGradient(a), b)), [1]));
  const loss = [
    mul(mean(abs(error)), weights.absolute),
    mul(squaredError, weights.squared),
    mul(distance(rows, nearest), weights.codebook),
    mul(distance(nearest, rows), weights.commitment),
  ].reduce((a, b) => add(a, b));
  return { pictures, rebuilt, loss, outputs: { ids, rows, squaredError } };
}

/** How often each code was chosen lately. */
export interface CodeUsage {
  /** Tokens since a code was last chosen, saturating; length K. */
  readonly idle: Float32Array;
}

/** Counts one batch of tokens. */
export function countUsage(usage: CodeUsage, ids: Int32Array): void {
  for (let code = 0; code < usage.idle.length; code++) {
    usage.idle[code] += ids.length;
  }
  for (const id of ids) usage.idle[id] = 0;
}

/** Fraction of the codes chosen within the last `window` tokens. */
export function usedShare(usage: CodeUsage, window: number): number {
  const used = usage.idle.reduce((n, idle) => n + (idle < window ? 1 : 0), 0);
  return used / usage.idle.length;
}

const TABLE = "quantize.embedding.weight";

/**
 * Moves every code not chosen within the last `window` tokens onto a random
 * latent of this batch, so that the whole codebook stays in use. Returns how
 * many were moved.
 */
export function reviveCodes(
  state: TrainState,
  usage: CodeUsage,
  rows: Float32Array,
  window: number,
  rng: Rng,
): number {
  const codes = usage.idle.length;
  const width = state.values.get(TABLE)!.length / codes;
  let moved = 0;
  for (let code = 0; code < codes; code++) {
    if (usage.idle[code] < window) continue;
    const from = rng.integer(rows.length / width) * width;
    const row = rows.subarray(from, from + width);
    state.values.get(TABLE)!.set(row, code * width);
    state.averages.get(TABLE)!.set(row, code * width);
    state.first.get(TABLE)!.fill(0, code * width, (code + 1) * width);
    state.second.get(TABLE)!.fill(0, code * width, (code + 1) * width);
    usage.idle[code] = 0;
    moved++;
  }
  return moved;
}
