/** Pictures as planes of floats, the form that networks take. */

import type { Picture } from "./picture.ts";

/** One plane a channel. */
export interface Planes {
  /** C. */
  readonly channels: number;
  /** W, in pixels. */
  readonly width: number;
  /** H, in pixels. */
  readonly height: number;
  /** [C, H, W] */
  readonly data: Float32Array<ArrayBuffer>;
}

/** Planes of zeros, or over the given floats, whose number is checked. */
export function createPlanes(
  channels: number,
  width: number,
  height: number,
  data: Float32Array<ArrayBuffer> = new Float32Array(channels * width * height),
): Planes {
  const sizes = [channels, width, height];
  const right = sizes.every((size) => Number.isInteger(size) && size >= 1);
  if (right && data.length === channels * width * height) {
    return { channels, width, height, data };
  }
  throw new RangeError(
    `Cannot make ${channels} planes of ${width}x${height} over ` +
      `${data.length} floats: wanted whole numbers from 1, and their product`,
  );
}

/** A picture's bytes as floats from 0 to 255, one plane a colour. */
export function toPlanes({ width, height, data }: Picture): Planes {
  const planes = createPlanes(3, width, height);
  const size = width * height;
  for (let i = 0, j = 0; i < size; i++) {
    planes.data[i] = data[j++];
    planes.data[size + i] = data[j++];
    planes.data[2 * size + i] = data[j++];
  }
  return planes;
}
