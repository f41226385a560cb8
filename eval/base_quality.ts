/** What a base transformer understands of captions. */

import { createEmojiLoader, type Split } from "../datasets/mod.ts";
import type { BaseConfig } from "../lib/muse/config.ts";
import type { Weights } from "../lib/run/weights.ts";
import { encodeText, type PromptEncoder } from "../lib/text/encode.ts";
import { baseGraph } from "../lib/train/base.ts";
import type { Tokenizer } from "../lib/vqgan/model.ts";
import { maskGains } from "./mask_gains.ts";
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
  options: QualityOptions,
): Promise<BaseQuality> {
  const loader = await createEmojiLoader({
    split,
    size: tokenizer.config.imageSize,
    batch: BATCH,
  });
  const { crossEntropy } = baseGraph(config, BATCH, 0).outputs;
  const textFactor = new Float32Array(BATCH).fill(1);
  const network = { crossEntropy, weights, batch: BATCH };
  const told = async (captions: readonly string[]) => {
    const { states, mask: textMask } = await encodeText(encoder, captions);
    return { textStates: states, textMask, textFactor };
  };
  const measured = await maskGains(network, options, async () => {
    const { pixels, captions } = loader.next();
    return {
      tokens: await tokenizer.encode(pixels),
      right: await told(captions),
      other: await told(captions.map((_, i) => captions[(i + 1) % BATCH])),
    };
  });
  return {
    split,
    scenes: measured.scenes,
    gains: measured.gains.map(({ maskRate, right, other }) => ({
      maskRate,
      rightCaption: right,
      otherCaption: other,
    })),
  };
}
