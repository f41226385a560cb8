/** How likely a base transformer finds tokens under captions. */

import type { Node } from "../lib/graph/node.ts";
import {
  cast,
  constant,
  div,
  equal,
  input,
  logSoftmax,
  mul,
  reshape,
  select,
  sum,
} from "../lib/graph/ops.ts";
import { type BaseConfig, maskId, tokenCount } from "../lib/muse/config.ts";
import { countMasked, randomMask } from "../lib/muse/mask.ts";
import type { PromptStates } from "../lib/muse/model.ts";
import { baseLogits, fedText } from "../lib/muse/transformer.ts";
import { createRng } from "../lib/run/random.ts";
import { createSession } from "../lib/run/session.ts";
import type { Weights } from "../lib/run/weights.ts";

/** The shares of the tokens that are hidden, one after the other. */
export const LIKELIHOOD_RATES = [0.64, 0.9] as const;

const OWN_RATES: readonly number[] = LIKELIHOOD_RATES;

/** A base transformer that rates tokens. */
export interface CaptionLikelihood {
  /**
   * Mean over hidden tokens of the logarithm of their probability, in nats,
   * and over the rates: one number for each picture.
   *
   * @param tokens [B,N]
   * @param text of the captions; `unconditional` rates without, as where
   * training drops the text
   * @param keys one for each picture; the same key hides the same positions
   * @param rates shares to hide; {@linkcode LIKELIHOOD_RATES} by default
   */
  rate(
    tokens: Int32Array,
    text: PromptStates & { readonly unconditional?: boolean },
    keys: readonly number[],
    rates?: readonly number[],
  ): Promise<Float64Array>;
  /** Frees the native memory. */
  release(): Promise<void>;
}

/** Compiles the measurement. */
export async function openLikelihood(
  config: BaseConfig,
  weights: Weights,
): Promise<CaptionLikelihood> {
  const graph = { likelihood: likelihoodGraph(config) };
  const session = await createSession(graph, weights);
  return {
    async rate(
      tokens,
      { states, mask: textMask, unconditional = false },
      keys,
      rates = OWN_RATES,
    ) {
      const means = new Float64Array(keys.length);
      const textFactor = new Float32Array(keys.length).fill(
        unconditional ? 0 : 1,
      );
      const text = { textStates: states, textMask, textFactor };
      for (const rate of rates) {
        const mask = hide(tokenCount(config), rate, keys);
        const { likelihood } = await session.run({ tokens, mask, ...text });
        likelihood.data.forEach((one: number, i: number) => {
          means[i] += one / rates.length;
        });
      }
      return means;
    },
    release: () => session.release(),
  };
}

/** Masks [B,N] of one rate, each by its key. */
function hide(
  length: number,
  rate: number,
  keys: readonly number[],
): Uint8Array {
  const mask = new Uint8Array(keys.length * length);
  keys.forEach((key, i) => {
    const rng = createRng("likelihood", key, String(rate));
    mask.set(randomMask(length, countMasked(rate, length), rng), i * length);
  });
  return mask;
}

/** Tokens [B,N], a mask of them and a text -> mean log p of the hidden, [B]. */
function likelihoodGraph(config: BaseConfig): Node {
  const { codes } = config;
  const length = tokenCount(config);
  const tokens = input("tokens", ["1B", length], "int32");
  const mask = input("mask", ["1B", length], "bool");
  const seen = select(mask, maskId(config), tokens);
  const logits = baseLogits(config, seen, fedText(config)); // [B,N,K]
  const ids = constant(Int32Array.from({ length: codes }, (_, i) => i));
  const isToken = equal(reshape(tokens, ["1B", length, 1]), ids); // [B,N,K]
  const logs = sum(select(isToken, logSoftmax(logits), 0), [-1]); // [B,N]
  const hidden = cast(mask, "float32");
  return div(sum(mul(logs, hidden), [-1]), sum(hidden, [-1])); // [B]
}
