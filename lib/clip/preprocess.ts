/** Pictures as CLIP's vision tower takes them. */

import { cutBox } from "../image/cut.ts";
import type { Picture } from "../image/picture.ts";
import { resize, resizeTorchBytes } from "../image/resize.ts";

/**
 * Whose preprocessing it is; they differ by a pixel and by rounding.
 *
 * Patch: OpenAI's resizes a picture as it is stored and then makes RGB of it,
 * and so do the programs that call it, clipscore and clip-score 0.1; here all
 * pictures are RGB first, as in transformers. Either is the same for RGB, grey
 * and opaque pictures, but not for palettes and black and white (of which
 * Pillow takes the nearest pixels, and no mean), transparency (by which it
 * weighs them), 16-bit grey and CMYK.
 */
export type ClipConvention =
  /** OpenAI's: torchvision on a Pillow picture. */
  | "openai"
  /** transformers' `CLIPImageProcessorPil`, its default before version 5. */
  | "transformers-pil"
  /** transformers' `CLIPImageProcessor`: torchvision on bytes. */
  | "transformers";

/** How a convention resizes, and where it crops. */
interface Convention {
  readonly resize: typeof resizeTorchBytes;
  /** Pixels cut off at the left or the top, of so many in all. */
  readonly offset: (spare: number) => number;
}

const CONVENTIONS: Readonly<Record<ClipConvention, Convention>> = {
  openai: { resize, offset: (spare) => roundHalfEven(spare / 2) },
  "transformers-pil": { resize, offset: (spare) => Math.floor(spare / 2) },
  transformers: {
    resize: resizeTorchBytes,
    offset: (spare) => Math.floor(spare / 2),
  },
};

/** As Python's round(). */
function roundHalfEven(value: number): number {
  const low = Math.floor(value);
  const isHalf = value - low === 0.5;
  return isHalf ? low + low % 2 : Math.round(value);
}

/** Mean and deviation of each channel, of pixels in 0..1. */
export interface ChannelStatistics {
  /** Of red, green and blue. */
  readonly mean: readonly [number, number, number];
  /** Of red, green and blue. */
  readonly deviation: readonly [number, number, number];
}

/** Those of the pictures OpenAI trained with. */
export const CLIP_STATISTICS: ChannelStatistics = {
  mean: [0.48145466, 0.4578275, 0.40821073],
  deviation: [0.26862954, 0.26130258, 0.27577711],
};

/**
 * The middle of a picture: its shorter side is resized to `size` by a bicubic
 * filter, its longer one in proportion, rounded down, and then cut to `size`.
 */
export function clipCrop(
  picture: Picture,
  size: number,
  convention: ClipConvention = "openai",
): Picture {
  const { resize, offset } = CONVENTIONS[convention];
  const short = Math.min(picture.width, picture.height);
  const side = (length: number) =>
    length === short ? size : Math.trunc(size * length / short);
  const [width, height] = [side(picture.width), side(picture.height)];
  return cutBox(resize(picture, width, height, "bicubic"), {
    x: offset(width - size),
    y: offset(height - size),
    width: size,
    height: size,
  });
}

/**
 * Writes a picture as planar floats [3,H,W], (v / 255 - mean) / deviation,
 * each step rounded to float32 as torchvision does. `out` may be one sample of
 * a batch.
 * @throws RangeError if `out` has another length
 */
export function writeNormalized(
  { width, height, data }: Picture,
  out: Float32Array,
  { mean, deviation }: ChannelStatistics = CLIP_STATISTICS,
): void {
  const plane = width * height;
  if (out.length !== 3 * plane) {
    throw new RangeError(
      `A ${width}x${height} picture fills ${3 * plane} floats, but the array ` +
        `holds ${out.length}.`,
    );
  }
  const { fround } = Math;
  for (let channel = 0; channel < 3; channel++) {
    const [centre, scale] = [mean, deviation].map((of) => fround(of[channel]));
    const values = Float32Array.from(
      { length: 256 },
      (_, byte) => fround(fround(byte / 255) - centre) / scale,
    );
    for (let i = 0; i < plane; i++) {
      out[channel * plane + i] = values[data[3 * i + channel]];
    }
  }
}

/** How pictures are prepared. */
export interface ClipPixelOptions {
  /** OpenAI's by default. */
  readonly convention?: ClipConvention;
  /** CLIP's own by default. */
  readonly statistics?: ChannelStatistics;
}

/** Pictures of any size for a vision tower: [B,3,size,size]. */
export function clipPixels(
  pictures: readonly Picture[],
  size: number,
  { convention, statistics }: ClipPixelOptions = {},
): Float32Array {
  const length = 3 * size * size;
  const pixels = new Float32Array(pictures.length * length);
  pictures.forEach((picture, i) => {
    const out = pixels.subarray(i * length, (i + 1) * length);
    writeNormalized(clipCrop(picture, size, convention), out, statistics);
  });
  return pixels;
}
