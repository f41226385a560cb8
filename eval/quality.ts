/**
 * How good the embedded model is, on scenes it was not trained on: what its
 * tokenizer loses, and what its base transformer understands of captions.
 */

import type { EmojiBatch, Scene, Split } from "../datasets/mod.ts";
import { createEmojiLoader } from "../datasets/mod.ts";
import { countMasked, randomMask } from "../lib/muse/mask.ts";
import type { BaseConfig } from "../lib/muse/config.ts";
import { createRng } from "../lib/run/random.ts";
import { createSession } from "../lib/run/session.ts";
import type { Weights } from "../lib/run/weights.ts";
import { encodeText, type PromptEncoder } from "../lib/text/encode.ts";
import { baseGraph } from "../lib/train/base.ts";
import type { Tokenizer } from "../lib/vqgan/model.ts";

const BATCH = 16;

/** What a tokenizer keeps of pictures. */
export interface TokenizerQuality {
  readonly scenes: number;
  /** Peak signal to noise over all pixels, in dB, mean over scenes. */
  readonly psnr: number;
  /** The same inside the objects' boxes only. */
  readonly psnrInBoxes: number;
  /** Share of the codes that occur at all. */
  readonly codesUsed: number;
  /** 2 to the entropy of the codes: how many are used in effect. */
  readonly perplexity: number;
}

/** Rebuilds validation scenes and compares. */
export async function tokenizerQuality(
  tokenizer: Tokenizer,
  scenes: number,
): Promise<TokenizerQuality> {
  const { imageSize: side, codes } = tokenizer.config;
  const loader = await createEmojiLoader({
    split: "validation",
    size: side,
    batch: BATCH,
  });
  const counts = new Float64Array(codes);
  let whole = 0;
  let boxes = 0;
  let done = 0;
  while (done < scenes) {
    const batch = loader.next();
    const ids = await tokenizer.encode(batch.pixels);
    for (const id of ids) counts[id]++;
    const rebuilt = await tokenizer.decode(ids);
    batch.scenes.forEach((scene, i) => {
      const errors = squaredErrors(batch.pixels, rebuilt, i, side);
      whole += decibels(average(errors));
      const inside = insideBoxes(scene, side);
      boxes += decibels(average(errors.filter((_, at) => inside[at])));
    });
    done += BATCH;
  }
  const total = counts.reduce((a, b) => a + b, 0);
  const entropy = counts.reduce(
    (sum, n) => n > 0 ? sum - n / total * Math.log2(n / total) : sum,
    0,
  );
  return {
    scenes: done,
    psnr: whole / done,
    psnrInBoxes: boxes / done,
    codesUsed: counts.filter((n) => n > 0).length / codes,
    perplexity: 2 ** entropy,
  };
}

/** Squared error of every pixel, mean over colours, on the 0..1 scale. */
function squaredErrors(
  a: Float32Array,
  b: Float32Array,
  picture: number,
  side: number,
): Float32Array {
  const plane = side * side;
  const errors = new Float32Array(plane);
  for (let c = 0; c < 3; c++) {
    const start = (picture * 3 + c) * plane;
    for (let at = 0; at < plane; at++) {
      const clipped = Math.min(1, Math.max(-1, b[start + at]));
      errors[at] += ((a[start + at] - clipped) / 2) ** 2 / 3;
    }
  }
  return errors;
}

function average(values: Float32Array): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

function decibels(meanSquare: number): number {
  return -10 * Math.log10(Math.max(meanSquare, 1e-10));
}

/** Which pixels lie in the box of an object; boxes are shares of the side. */
function insideBoxes(scene: Scene, side: number): boolean[] {
  const inside = Array<boolean>(side * side).fill(false);
  for (
    const { x, y, side: size } of scene.groups.flatMap(({ boxes }) => boxes)
  ) {
    const clip = (v: number) =>
      Math.min(side, Math.max(0, Math.round(v * side)));
    for (let row = clip(y); row < clip(y + size); row++) {
      const start = row * side;
      inside.fill(true, start + clip(x), start + clip(x + size));
    }
  }
  return inside;
}

/** Cross-entropy of masked tokens, in nats, at one rate. */
export interface CaptionGain {
  readonly maskRate: number;
  readonly rightCaption: number;
  readonly otherCaption: number;
}

/** What a base transformer makes of captions. */
export interface BaseQuality {
  readonly split: Split;
  readonly scenes: number;
  readonly gains: readonly CaptionGain[];
}

/** The rates of {@link baseQuality}. */
export const MASK_RATES = [0.3, 0.64, 0.9, 1] as const;

/** A model's parts, as the measurement needs them. */
export interface QualityParts {
  readonly tokenizer: Tokenizer;
  readonly encoder: PromptEncoder;
  readonly config: BaseConfig;
  readonly weights: Weights;
}

/**
 * Compares the masked-token cross-entropy with a scene's caption and with
 * that of another scene, the same tokens hidden.
 */
export async function baseQuality(
  parts: QualityParts,
  split: Split,
  scenes: number,
): Promise<BaseQuality> {
  const { tokenizer, encoder, config, weights } = parts;
  const loader = await createEmojiLoader({
    split,
    size: tokenizer.config.imageSize,
    batch: BATCH,
  });
  const { crossEntropy } = baseGraph(config, BATCH, 0).outputs;
  const session = await createSession({ crossEntropy }, weights);
  const sums = MASK_RATES.map(() => ({ right: 0, other: 0 }));
  let batches = 0;
  for (; batches * BATCH < scenes; batches++) {
    const batch = loader.next();
    const tokens = await tokenizer.encode(batch.pixels);
    for (const [i, rate] of MASK_RATES.entries()) {
      const mask = batchMask(rate, tokens.length / BATCH, batches);
      for (const side of ["right", "other"] as const) {
        const captions = side === "right" ? batch.captions : rotate(batch);
        const text = await encodeText(encoder, captions);
        const results = await session.run({
          tokens,
          mask,
          textStates: text.states,
          textMask: text.mask,
          textFactor: new Float32Array(BATCH).fill(1),
        });
        sums[i][side] += results.crossEntropy.data[0];
      }
    }
  }
  await session.release();
  return {
    split,
    scenes: batches * BATCH,
    gains: MASK_RATES.map((maskRate, i) => ({
      maskRate,
      rightCaption: sums[i].right / batches,
      otherCaption: sums[i].other / batches,
    })),
  };
}

/** Every scene gets the caption of the next one. */
function rotate({ captions }: EmojiBatch): string[] {
  return captions.map((_, i) => captions[(i + 1) % captions.length]);
}

function batchMask(rate: number, tokens: number, batch: number): Uint8Array {
  const rng = createRng("quality", batch, String(rate));
  const mask = new Uint8Array(BATCH * tokens);
  for (let i = 0; i < BATCH; i++) {
    mask.set(randomMask(tokens, countMasked(rate, tokens), rng), i * tokens);
  }
  return mask;
}
