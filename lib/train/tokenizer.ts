/** What the training of a VQGAN minimizes, and the care of its codebook. */

import type { Node } from "../graph/node.ts";
import {
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
import {
  CODE_TABLE as TABLE,
  decoder,
  encoder,
  quantize,
} from "../vqgan/network.ts";
import {
  type Adversarial,
  ofDiscriminator,
  pictureLoss,
  type PictureWeights,
} from "./picture_loss.ts";
import type { TrainState } from "./state.ts";
import type { Loss } from "./step.ts";

/** Weights of the parts of the loss. */
export interface TokenizerLosses extends PictureWeights {
  readonly codebook: number;
  readonly commitment: number;
}

/** A training graph of a tokenizer. */
export interface TokenizerGraph {
  readonly losses: readonly Loss[];
  /** Results of a step: `ids`, `rows`, `squaredError`. */
  readonly outputs: Readonly<Record<string, Node>>;
}

/**
 * Encodes, quantizes, decodes, and compares. Input "pictures" [B,3,H,W] in
 * -1..1.
 */
export function tokenizerGraph(
  config: VqganConfig,
  weights: TokenizerLosses,
  batch: number,
  adversarial?: Adversarial,
): TokenizerGraph {
  const side = config.imageSize;
  const pictures = input("pictures", [batch, 3, side, side]);
  const { codes, ids, rows, nearest } = quantize(
    config,
    encoder(config, pictures),
  );
  const rebuilt = decoder(config, codes);
  const distance = (a: Node, b: Node) =>
    mean(sum(square(sub(stopGradient(a), b)), [1]));
  const compared = pictureLoss(pictures, rebuilt, weights, adversarial);
  const value = [
    ...compared.parts,
    mul(distance(rows, nearest), weights.codebook),
    mul(distance(nearest, rows), weights.commitment),
  ].reduce((a, b) => add(a, b));
  return {
    losses: [
      { value, trains: (name) => !ofDiscriminator(name) },
      ...compared.judging,
    ],
    outputs: { ids, rows, ...compared.outputs },
  };
}

/** How long ago each code was chosen and moved, in tokens; length K each. */
export interface CodeUsage {
  /** Since it was chosen; infinite if that was never, or not since its move. */
  readonly idle: Float32Array<ArrayBuffer>;
  /** Since it came to its place, where it is given time to be chosen. */
  readonly placed: Float32Array<ArrayBuffer>;
}

/**
 * The usage that a checkpoint kept, or that of a new codebook. A checkpoint
 * without `placed` is of a run that didn't tell codes that were moved from
 * codes that were chosen.
 */
export function codeUsage(
  codes: number,
  kept: ReadonlyMap<string, Float32Array<ArrayBuffer>>,
): CodeUsage {
  const idle = kept.get("idle");
  return {
    idle: idle ?? new Float32Array(codes).fill(Infinity),
    placed: kept.get("placed") ?? new Float32Array(codes)
      .fill(idle ? Infinity : 0),
  };
}

/** Counts one batch of tokens. */
export function countUsage(
  { idle, placed }: CodeUsage,
  ids: Int32Array,
): void {
  for (let code = 0; code < idle.length; code++) {
    idle[code] += ids.length;
    placed[code] += ids.length;
  }
  for (const id of ids) idle[id] = 0;
}

/** Fraction of the codes chosen within the last `window` tokens. */
export function usedShare({ idle }: CodeUsage, window: number): number {
  const used = idle.reduce((n, since) => n + (since < window ? 1 : 0), 0);
  return used / idle.length;
}

/**
 * Moves every code that has been in its place for `window` tokens and was not
 * chosen in the last of them onto a random latent of this batch, so that the
 * whole codebook comes into use. Returns how many were moved.
 */
export function reviveCodes(
  state: TrainState,
  usage: CodeUsage,
  rows: Float32Array,
  window: number,
  rng: Rng,
): number {
  const { idle, placed } = usage;
  const codes = idle.length;
  const width = state.values.get(TABLE)!.length / codes;
  let moved = 0;
  for (let code = 0; code < codes; code++) {
    if (Math.min(idle[code], placed[code]) < window) continue;
    const from = rng.integer(rows.length / width) * width;
    const row = rows.subarray(from, from + width);
    state.values.get(TABLE)!.set(row, code * width);
    state.averages.get(TABLE)!.set(row, code * width);
    state.first.get(TABLE)!.fill(0, code * width, (code + 1) * width);
    state.second.get(TABLE)!.fill(0, code * width, (code + 1) * width);
    idle[code] = Infinity;
    placed[code] = 0;
    moved++;
  }
  return moved;
}
