/** Pictures as DINOv2 takes them for FD-DINOv2. */

import {
  type ChannelStatistics,
  writeNormalized,
} from "../../lib/clip/preprocess.ts";
import type { Picture } from "../../lib/image/picture.ts";
import { resize } from "../../lib/image/resize.ts";

/** Pictures are so many pixels high and wide. */
export const DINO_SIZE = 224;

/** ImageNet's, of pixels in 0..1. */
const STATISTICS: ChannelStatistics = {
  mean: [0.485, 0.456, 0.406],
  deviation: [0.229, 0.224, 0.225],
};

/**
 * Pictures of any size, squeezed to a square by Pillow's bicubic and normalized
 * as dgm-eval does: [B,3,224,224].
 */
export function dinoPixels(pictures: readonly Picture[]): Float32Array {
  const length = 3 * DINO_SIZE ** 2;
  const pixels = new Float32Array(pictures.length * length);
  pictures.forEach((picture, i) => {
    writeNormalized(
      resize(picture, DINO_SIZE, DINO_SIZE, "bicubic"),
      pixels.subarray(i * length, (i + 1) * length),
      STATISTICS,
    );
  });
  return pixels;
}
