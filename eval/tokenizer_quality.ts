/** What a tokenizer keeps of pictures it was not trained on. */

import { createEmojiLoader, type Scene } from "../datasets/mod.ts";
import type { Tokenizer } from "../lib/vqgan/model.ts";

/** How near pictures are to scenes. */
export interface Psnr {
  /** Peak signal to noise over all pixels, in dB, mean over scenes. */
  readonly psnr: number;
  /** The same inside the objects' boxes only. */
  readonly psnrInBoxes: number;
}

/** Figures of a tokenizer over validation scenes. */
export interface TokenizerQuality extends Psnr {
  /** How many scenes. */
  readonly scenes: number;
  /** Share of the codes that occur at all. */
  readonly codesUsed: number;
  /** 2 to the entropy of the codes: how many are used in effect. */
  readonly perplexity: number;
}

/** How much to measure, and who hears how far it is. */
export interface QualityOptions {
  /** Rounded up to whole batches. */
  readonly scenes: number;
  /** Told after every batch how many scenes are done. */
  readonly onProgress?: (scenes: number) => void;
}

/** Some scenes, and what a tokenizer makes of them. */
export interface RebuiltBatch {
  /** What the pictures show. */
  readonly scenes: readonly Scene[];
  /** The pictures [B,3,H,W] in -1..1. */
  readonly pixels: Float32Array;
  /** Their tokens [B,N]. */
  readonly ids: Int32Array;
  /** Pictures [B,3,H,W] of those, about -1..1. */
  readonly rebuilt: Float32Array;
}

/** How much to measure, and what else looks at it. */
export interface TokenizerQualityOptions extends QualityOptions {
  /** Given every batch, which is not done before it has. */
  readonly onBatch?: (batch: RebuiltBatch) => Promise<void>;
}

/** Scenes in a batch of either measurement. */
export const BATCH = 16;

/** So many scenes in whole batches. */
export function inBatches(scenes: number): number {
  return Math.ceil(scenes / BATCH) * BATCH;
}

/** Rebuilds validation scenes and compares. */
export async function tokenizerQuality(
  tokenizer: Tokenizer,
  { scenes, onProgress = () => {}, onBatch }: TokenizerQualityOptions,
): Promise<TokenizerQuality> {
  const { imageSize: side, codes } = tokenizer.config;
  const loader = await createEmojiLoader({
    split: "validation",
    size: side,
    batch: BATCH,
  });
  const counts = new Float64Array(codes);
  const meter = psnrMeter(side);
  let done = 0;
  while (done < scenes) {
    const { pixels, scenes: shown } = loader.next();
    const ids = await tokenizer.encode(pixels);
    for (const id of ids) counts[id]++;
    const rebuilt = await tokenizer.decode(ids);
    meter.add(shown, pixels, rebuilt);
    await onBatch?.({ scenes: shown, pixels, ids, rebuilt });
    done += BATCH;
    onProgress(done);
  }
  return {
    scenes: done,
    ...meter.mean(),
    codesUsed: counts.filter((n) => n > 0).length / codes,
    perplexity: perplexity(counts),
  };
}

/** Compares pictures with scenes, batch by batch. */
export interface PsnrMeter {
  /** Takes pictures [B,3,H,W] in -1..1 as they are and as they were rebuilt. */
  add(
    scenes: readonly Scene[],
    pixels: Float32Array,
    rebuilt: Float32Array,
  ): void;
  /** Over all so far. */
  mean(): Psnr;
}

/** Begins with no pictures. */
export function psnrMeter(side: number): PsnrMeter {
  let [whole, boxes, count] = [0, 0, 0];
  return {
    add(scenes, pixels, rebuilt) {
      scenes.forEach((scene, i) => {
        const errors = squaredErrors(pixels, rebuilt, i, side);
        const inside = insideBoxes(scene, side);
        whole += decibels(errors);
        boxes += decibels(errors.filter((_, at) => inside[at]));
      });
      count += scenes.length;
    },
    mean: () => ({ psnr: whole / count, psnrInBoxes: boxes / count }),
  };
}

/** 2 to the entropy, in bits, of what was counted. */
export function perplexity(counts: Float64Array): number {
  const total = counts.reduce((a, b) => a + b, 0);
  const entropy = counts.reduce(
    (sum, n) => n > 0 ? sum - n / total * Math.log2(n / total) : sum,
    0,
  );
  return 2 ** entropy;
}

/**
 * Squared error of every pixel of one picture of [B,3,H,W] in -1..1, mean over
 * colours, on the 0..1 scale; what lies outside the range is clipped.
 */
export function squaredErrors(
  pixels: Float32Array,
  rebuilt: Float32Array,
  picture: number,
  side: number,
): Float32Array {
  const plane = side * side;
  const errors = new Float32Array(plane);
  for (let c = 0; c < 3; c++) {
    const start = (picture * 3 + c) * plane;
    for (let at = 0; at < plane; at++) {
      const clipped = Math.min(1, Math.max(-1, rebuilt[start + at]));
      errors[at] += ((pixels[start + at] - clipped) / 2) ** 2 / 3;
    }
  }
  return errors;
}

function decibels(errors: Float32Array): number {
  const mean = errors.reduce((a, b) => a + b, 0) / errors.length;
  return -10 * Math.log10(Math.max(mean, 1e-10));
}

/** Which pixels lie in the box of an object; boxes are shares of the side. */
export function insideBoxes(scene: Scene, side: number): boolean[] {
  const inside = Array<boolean>(side * side).fill(false);
  const clip = (share: number) =>
    Math.min(side, Math.max(0, Math.round(share * side)));
  for (const { x, y, side: size } of scene.groups.flatMap((g) => g.boxes)) {
    for (let row = clip(y); row < clip(y + size); row++) {
      const start = row * side;
      inside.fill(true, start + clip(x), start + clip(x + size));
    }
  }
  return inside;
}
