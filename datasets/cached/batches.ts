/** Batches of tokens and states that are there already. */

import { createOrder, type OrderOptions } from "../pairs/order.ts";
import type { PairSet } from "../pairs/pair.ts";
import type { TextCache } from "./texts.ts";
import type { TokenCache } from "./tokens.ts";

/** Pairs as transformers learn them. */
export interface EncodedBatch {
  /** [B,N] of each tokenizer. */
  readonly tokens: readonly Int32Array[];
  /** [B,T,E] */
  readonly states: Float32Array;
  /** [B,T] */
  readonly textMask: Float32Array;
}

/** Batches by position. */
export interface EncodedSource {
  at(position: number): Promise<EncodedBatch>;
}

/** What batches are made of. */
export interface CachedBatchesOptions
  extends Pick<OrderOptions, "indices" | "seed"> {
  readonly set: PairSet;
  readonly batch: number;
  /** Of one tokenizer or several. */
  readonly tokens: readonly TokenCache[];
  readonly texts: TextCache;
}

/** The batches that a loader over the same pairs has, encoded. */
export function cachedBatches(options: CachedBatchesOptions): EncodedSource {
  const { set, batch, tokens, texts } = options;
  const order = createOrder(options);

  /** The pair of a sample and its tokens. */
  async function find(sample: number) {
    for (const index of order.candidates(sample)) {
      const found = await Promise.all(tokens.map((one) => one.read(index)));
      const whole = found.filter((ids) => ids !== undefined);
      if (whole.length === found.length) return { index, ids: whole };
    }
    throw new Error(
      `Cannot train on ${set.name}: none of its pictures can be read`,
    );
  }

  return {
    async at(position) {
      const { length, width } = texts;
      const all = tokens.map(({ count }) => new Int32Array(batch * count));
      const states = new Float32Array(batch * length * width);
      const textMask = new Float32Array(batch * length);
      for (let i = 0; i < batch; i++) {
        const sample = position * batch + i;
        const { index, ids } = await find(sample);
        ids.forEach((one, k) => all[k].set(one, i * tokens[k].count));
        const caption = order.caption(sample, set, index);
        const text = await texts.read(index, caption);
        states.set(text.states, i * length * width);
        textMask.set(text.mask, i * length);
      }
      return { tokens: all, states, textMask };
    },
  };
}
