/** What a base transformer understands of captions. */

import { createEmojiLoader, type Split } from "../datasets/mod.ts";
import type { BaseConfig } from "../lib/muse/config.ts";
import { countMasked, randomMask } from "../lib/muse/mask.ts";
import { createRng } from "../lib/run/random.ts";
import { createSession } from "../lib/run/session.ts";
import type { Weights } from "../lib/run/weights.ts";
import { encodeText, type PromptEncoder } from "../lib/text/encode.ts";
import { baseGraph } from "../lib/train/base.ts";
import type { Tokenizer } from "../lib/vqgan/model.ts";
import { BATCH, type QualityOptions } from "./tokenizer_quality.ts";

/** Cross-entropy of masked tokens, in nats, at one rate. */
export interface CaptionGain {
  /** Share of the tokens that was hidden. */
  readonly maskRate: number;
  /** With the scene's own caption. */
  readonly rightCaption: number;
  /** With the caption of another scene. */
  readonly otherCaption: number;
}

/** Figures of a base transformer over the scenes of a split. */
export interface BaseQuality {
  /** The scenes it was measured on. */
  readonly split: Split;
  /** How many. */
  readonly scenes: number;
  /** One at each of the {@link MASK_RATES}. */
  readonly gains: readonly CaptionGain[];
}

/** The rates of {@link baseQuality}. */
export const MASK_RATES = [0.3, 0.64, 0.9, 1] as const;

/** A model's parts, as the measurement needs them. */
export interface BaseParts {
  /** Gives the tokens. */
  readonly tokenizer: Tokenizer;
  /** Gives the text states. */
  readonly encoder: PromptEncoder;
  /** Sizes of the transformer. */
  readonly config: BaseConfig;
  /** Weights of the transformer. */
  readonly weights: Weights;
}

/**
 * Compares the masked-token cross-entropy with a scene's caption and with
 * that of another scene, the same tokens hidden.
 */
export async function baseQuality(
  { tokenizer, encoder, config, weights }: BaseParts,
  split: Split,
  { scenes, onProgress = () => {} }: QualityOptions,
): Promise<BaseQuality> {
  const loader = await createEmojiLoader({
    split,
    size: tokenizer.config.imageSize,
    batch: BATCH,
  });
  const { crossEntropy } = baseGraph(config, BATCH, 0).outputs;
  const session = await createSession({ crossEntropy }, weights);
  const textFactor = new Float32Array(BATCH).fill(1);
  const sums = MASK_RATES.map(() => [0, 0]);
  let batches = 0;
  while (batches * BATCH < scenes) {
    const { pixels, captions } = loader.next();
    const tokens = await tokenizer.encode(pixels);
    const others = captions.map((_, i) => captions[(i + 1) % BATCH]);
    const texts = [
      await encodeText(encoder, captions),
      await encodeText(encoder, others),
    ];
    for (const [i, rate] of MASK_RATES.entries()) {
      const mask = batchMask(rate, BATCH, tokens.length / BATCH, batches);
      for (const [j, { states, mask: textMask }] of texts.entries()) {
        const text = { textStates: states, textMask, textFactor };
        const results = await session.run({ tokens, mask, ...text });
        sums[i][j] += results.crossEntropy.data[0];
      }
    }
    batches++;
    onProgress(batches * BATCH);
  }
  await session.release();
  return {
    split,
    scenes: batches * BATCH,
    gains: MASK_RATES.map((maskRate, i) => ({
      maskRate,
      rightCaption: sums[i][0] / batches,
      otherCaption: sums[i][1] / batches,
    })),
  };
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
