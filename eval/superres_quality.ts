/** What super-resolution makes of the base's tokens. */

import { createEmojiLoader } from "../datasets/mod.ts";
import { createSession } from "../lib/run/session.ts";
import type { Superres } from "../lib/muse/enlarge.ts";
import { encodeText, type PromptEncoder } from "../lib/text/encode.ts";
import { superresGraph } from "../lib/train/superres.ts";
import type { Tokenizer } from "../lib/vqgan/model.ts";
import { batchMask, MASK_RATES } from "./base_quality.ts";
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
  { scenes, onProgress = () => {} }: QualityOptions,
): Promise<SuperresQuality> {
  const [small, large] = await Promise.all(
    [tokenizer, superres.tokenizer].map(({ config: { imageSize: size } }) =>
      createEmojiLoader({ split: "validation", size, batch: AT_ONCE })
    ),
  );
  const { config, weights } = superres.model;
  const { crossEntropy } = superresGraph(config, AT_ONCE, 0).outputs;
  const session = await createSession({ crossEntropy }, weights);
  const textFactor = new Float32Array(AT_ONCE).fill(1);
  const sums = MASK_RATES.map(() => [0, 0]);
  let batches = 0;
  while (batches * AT_ONCE < scenes) {
    const { pixels, captions } = small.next();
    const low = await tokenizer.encode(pixels);
    const tokens = await superres.tokenizer.encode(large.next().pixels);
    const { states: textStates, mask: textMask } = await encodeText(
      encoder,
      captions,
    );
    const text = { textStates, textMask, textFactor };
    const lows = [low, nextPictures(low, low.length / AT_ONCE)];
    for (const [i, rate] of MASK_RATES.entries()) {
      const length = tokens.length / AT_ONCE;
      const mask = batchMask(rate, AT_ONCE, length, batches);
      for (const [j, low] of lows.entries()) {
        const results = await session.run({ tokens, low, mask, ...text });
        sums[i][j] += results.crossEntropy.data[0];
      }
    }
    batches++;
    onProgress(batches * AT_ONCE);
  }
  await session.release();
  return {
    scenes: batches * AT_ONCE,
    gains: MASK_RATES.map((maskRate, i) => ({
      maskRate,
      rightTokens: sums[i][0] / batches,
      otherTokens: sums[i][1] / batches,
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
