/** What the training of a VQGAN minimizes, and the care of its codebook. */

import type { Node } from "../graph/node.ts";
import {
  abs,
  add,
  concat,
  input,
  mean,
  mul,
  neg,
  relu,
  split,
  square,
  stopGradient,
  sub,
  sum,
} from "../graph/ops.ts";
import type { Rng } from "../run/random.ts";
import type { VqganConfig } from "../vqgan/config.ts";
import {
  DISCRIMINATOR,
  discriminator,
  type DiscriminatorConfig,
} from "../vqgan/discriminator.ts";
import { decoder, encoder, quantize } from "../vqgan/network.ts";
import type { Loss, TrainState } from "./step.ts";

/** Weights of the parts of the loss. */
export interface TokenizerLosses {
  readonly absolute: number;
  readonly squared: number;
  readonly codebook: number;
  readonly commitment: number;
}

/** A discriminator that joins the training at a step. */
export interface Adversarial {
  readonly start: number;
  /** Weight of fooling it in the tokenizer's loss. */
  readonly weight: number;
  readonly network: DiscriminatorConfig;
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
  const error = sub(rebuilt, pictures);
  const squaredError = mean(square(error));
  const distance = (a: Node, b: Node) =>
    mean(sum(square(sub(stopGradient(a), b)), [1]));
  const parts = [
    mul(mean(abs(error)), weights.absolute),
    mul(squaredError, weights.squared),
    mul(distance(rows, nearest), weights.codebook),
    mul(distance(nearest, rows), weights.commitment),
  ];
  const outputs: Record<string, Node> = { ids, rows, squaredError };
  const losses: Loss[] = [];
  if (adversarial) {
    const judged = hingeLosses(adversarial.network, pictures, rebuilt);
    parts.push(mul(judged.fooling, adversarial.weight));
    losses.push({
      value: judged.telling,
      trains: ofDiscriminator,
      since: adversarial.start,
    });
    outputs.telling = judged.telling;
  }
  const value = parts.reduce((a, b) => add(a, b));
  losses.unshift({ value, trains: (name) => !ofDiscriminator(name) });
  return { losses, outputs };
}

function ofDiscriminator(name: string): boolean {
  return name.startsWith(`${DISCRIMINATOR}.`);
}

/**
 * Hinge losses: of telling real pictures from rebuilt ones (for the
 * discriminator), and of fooling it (for the tokenizer). One pass scores both
 * halves; which parameters a loss trains decides where its gradient goes.
 */
function hingeLosses(
  config: DiscriminatorConfig,
  real: Node,
  rebuilt: Node,
): { readonly telling: Node; readonly fooling: Node } {
  const scores = discriminator(config, concat([real, rebuilt], 0));
  const [onReal, onRebuilt] = split(scores, 2, 0);
  const telling = add(
    mean(relu(sub(1, onReal))),
    mean(relu(add(1, onRebuilt))),
  );
  return { telling, fooling: neg(mean(onRebuilt)) };
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
