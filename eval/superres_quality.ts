/** What super-resolution makes of the base's tokens. */

import { createEmojiLoader } from "../datasets/mod.ts";
import type { Superres } from "../lib/muse/enlarge.ts";
import { encodeText, type PromptEncoder } from "../lib/text/encode.ts";
import { superresGraph } from "../lib/train/superres.ts";
import type { Tokenizer } from "../lib/vqgan/model.ts";
import { maskGains } from "./mask_gains.ts";
import type { QualityOptions } from "./tokenizer_quality.ts";

/** Cross-entropy of masked high-resolution tokens, in nats, at one rate. */
export interface TokenGain {
  /** Share of the tokens that was hidden. */
  readonly maskRate: number;
  /** With the low-resolution tokens of the same picture. */
  readonly rightTokens: number;
  /** With those of another picture. */
  readonly otherTokens: number;
}

/** Figures of a super-resolution transformer over validation scenes. */
export interface SuperresQuality {
  /** How many scenes. */
  readonly scenes: number;
  /** One at each of the {@link MASK_RATES}. */
  readonly gains: readonly TokenGain[];
}

/** A model's parts, as the measurement needs them. */
export interface SuperresParts {
  /** Gives the low-resolution tokens. */
  readonly tokenizer: Tokenizer;
  /** Gives the text states. */
  readonly encoder: PromptEncoder;
  /** What is measured, with its own tokenizer. */
  readonly superres: Pick<Superres, "model" | "tokenizer">;
}

/** Pictures at once: there are many tokens in each. */
const AT_ONCE = 4;

/**
 * Compares the masked-token cross-entropy with a picture's own
 * low-resolution tokens and with those of another picture, the same tokens
 * hidden and the caption the picture's own.
 */
export async function superresQuality(
  { tokenizer, encoder, superres }: SuperresParts,
  options: QualityOptions,
): Promise<SuperresQuality> {
  const [small, large] = await Promise.all(
    [tokenizer, superres.tokenizer].map(({ config: { imageSize: size } }) =>
      createEmojiLoader({ split: "validation", size, batch: AT_ONCE })
    ),
  );
  const { config, weights } = superres.model;
  const { crossEntropy } = superresGraph(config, AT_ONCE, 0).outputs;
  const textFactor = new Float32Array(AT_ONCE).fill(1);
  const network = { crossEntropy, weights, batch: AT_ONCE };
  const measured = await maskGains(network, options, async () => {
    const { pixels, captions } = small.next();
    const low = await tokenizer.encode(pixels);
    const tokens = await superres.tokenizer.encode(large.next().pixels);
    const { states, mask: textMask } = await encodeText(encoder, captions);
    const text = { textStates: states, textMask, textFactor };
    return {
      tokens,
      right: { ...text, low },
      other: { ...text, low: nextPictures(low, low.length / AT_ONCE) },
    };
  });
  return {
    scenes: measured.scenes,
    gains: measured.gains.map(({ maskRate, right, other }) => ({
      maskRate,
      rightTokens: right,
      otherTokens: other,
    })),
  };
}

/** Every picture's tokens in the place of the one before it. */
function nextPictures(tokens: Int32Array, length: number): Int32Array {
  const moved = new Int32Array(tokens.length);
  moved.set(tokens.subarray(length));
  moved.set(tokens.subarray(0, length), tokens.length - length);
  return moved;
}
