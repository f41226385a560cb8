/** What a transformer gains by what it is told of the tokens that are hidden. */

import type { Node } from "../lib/graph/node.ts";
import type { Values } from "../lib/graph/op.ts";
import { countMasked, randomMask } from "../lib/muse/mask.ts";
import { createRng } from "../lib/run/random.ts";
import { createSession } from "../lib/run/session.ts";
import type { Weights } from "../lib/run/weights.ts";
import type { QualityOptions } from "./tokenizer_quality.ts";

/** The shares of the tokens that are hidden, one after the other. */
export const MASK_RATES = [0.3, 0.64, 0.9, 1] as const;

/** Cross-entropy of masked tokens, in nats, at one rate. */
export interface MaskGain {
  readonly maskRate: number;
  /** Told of its own picture. */
  readonly right: number;
  /** Told of another one. */
  readonly other: number;
}

/** A batch of tokens, and what is fed besides: of the right or another picture. */
export interface ToldBatch {
  /** [B,N] */
  readonly tokens: Int32Array;
  readonly right: Readonly<Record<string, Values>>;
  readonly other: Readonly<Record<string, Values>>;
}

/** A network in training's terms. */
export interface MaskedNetwork {
  /** Of `tokens`, `mask` and what else is fed: a scalar. */
  readonly crossEntropy: Node;
  readonly weights: Weights;
  /** Pictures at once. */
  readonly batch: number;
}

/** Measures whole batches until there are so many scenes. */
export async function maskGains(
  { crossEntropy, weights, batch }: MaskedNetwork,
  { scenes, onProgress = () => {} }: QualityOptions,
  next: () => Promise<ToldBatch>,
): Promise<{ readonly scenes: number; readonly gains: readonly MaskGain[] }> {
  const session = await createSession({ crossEntropy }, weights);
  try {
    const sums = MASK_RATES.map(() => ({ right: 0, other: 0 }));
    let batches = 0;
    while (batches * batch < scenes) {
      const { tokens, ...told } = await next();
      for (const [i, rate] of MASK_RATES.entries()) {
        const mask = batchMask(rate, batch, tokens.length / batch, batches);
        for (const which of ["right", "other"] as const) {
          const feeds = { tokens, mask, ...told[which] };
          const results = await session.run(feeds);
          sums[i][which] += results.crossEntropy.data[0];
        }
      }
      batches++;
      onProgress(batches * batch);
    }
    return {
      scenes: batches * batch,
      gains: MASK_RATES.map((maskRate, i) => ({
        maskRate,
        right: sums[i].right / batches,
        other: sums[i].other / batches,
      })),
    };
  } finally {
    await session.release();
  }
}

/** Masks [B,N] of one rate, by the number of the batch. */
export function batchMask(
  rate: number,
  batch: number,
  tokens: number,
  number: number,
): Uint8Array {
  const rng = createRng("quality", number, String(rate));
  const mask = new Uint8Array(batch * tokens);
  for (let i = 0; i < batch; i++) {
    mask.set(randomMask(tokens, countMasked(rate, tokens), rng), i * tokens);
  }
  return mask;
}
