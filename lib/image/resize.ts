/**
 * Resizing 8-bit pictures exactly as others do, since evaluation numbers depend
 * on it to the last bit: a horizontal pass, then a vertical one, each with
 * weights in fixed point and its result rounded and clipped to bytes.
 */

import { createPicture, type Picture } from "./picture.ts";
import {
  fixedPoint,
  resampleWindows,
  type ResizeFilter,
  type Window,
} from "./resample_windows.ts";

export type { ResizeFilter } from "./resample_windows.ts";

/** The weights of one axis, and how many bits stand for one. */
interface Fixed {
  readonly windows: readonly Window<Int32Array>[];
  readonly bits: number;
}

/** Makes the weights of an axis. */
type FixAxis = (from: number, to: number) => Fixed;

/** Pillow's src/libImaging/Resample.c: the bits don't depend on the weights. */
const PILLOW_BITS = 22;

/**
 * The picture at another size, as Pillow's `resize` makes it: when shrinking,
 * filters widen accordingly.
 */
export function resize(
  picture: Picture,
  width: number,
  height: number,
  filter: ResizeFilter,
): Picture {
  return resizeFixed(picture, width, height, (from, to) => ({
    windows: fixedPoint(resampleWindows(from, to, filter), PILLOW_BITS),
    bits: PILLOW_BITS,
  }));
}

/**
 * The picture at another size, as PyTorch's antialiased `interpolate` makes it
 * of bytes (ATen's UpSampleKernelAVXAntialias.h): weights have the most bits
 * with which the largest is a 16-bit integer. torchvision resizes tensors of
 * bytes so, by "bicubic" always; by "bilinear" only on processors with AVX2 and
 * without AVX-512, on others it goes by {@linkcode resizePlanes} and rounds.
 */
export function resizeTorchBytes(
  picture: Picture,
  width: number,
  height: number,
  filter: "bilinear" | "bicubic",
): Picture {
  return resizeFixed(picture, width, height, (from, to) => {
    const windows = resampleWindows(from, to, filter);
    const bits = shortBits(windows);
    return { windows: fixedPoint(windows, bits), bits };
  });
}

function shortBits(windows: readonly Window[]): number {
  const largest = Math.max(
    ...windows.map(({ weights }) => Math.max(...weights)),
  );
  let bits = 0;
  while (bits < 22 && Math.trunc(0.5 + largest * 2 ** (bits + 1)) < 2 ** 15) {
    bits++;
  }
  return bits;
}

function resizeFixed(
  picture: Picture,
  width: number,
  height: number,
  fix: FixAxis,
): Picture {
  const out = createPicture(width, height);
  const across = picture.width === width
    ? picture
    : resizeRows(picture, width, fix(picture.width, width));
  if (picture.height === height) out.data.set(across.data);
  else resizeColumns(across, out, fix(picture.height, height));
  return out;
}

function clip(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

function resizeRows(
  { width, height, data }: Picture,
  to: number,
  { windows, bits }: Fixed,
): Picture {
  const out = createPicture(to, height);
  const half = 1 << (bits - 1);
  for (let y = 0, at = 0; y < height; y++) {
    for (const { start, weights } of windows) {
      let [r, g, b] = [half, half, half];
      let from = (y * width + start) * 3;
      for (let i = 0; i < weights.length; i++, from += 3) {
        r += data[from] * weights[i];
        g += data[from + 1] * weights[i];
        b += data[from + 2] * weights[i];
      }
      out.data[at++] = clip(r >> bits);
      out.data[at++] = clip(g >> bits);
      out.data[at++] = clip(b >> bits);
    }
  }
  return out;
}

function resizeColumns(
  { width, data }: Picture,
  out: Picture,
  { windows, bits }: Fixed,
): void {
  const stride = width * 3;
  const half = 1 << (bits - 1);
  for (let y = 0; y < out.height; y++) {
    const { start, weights } = windows[y];
    for (let x = 0; x < stride; x++) {
      let sum = half;
      for (let i = 0, from = start * stride + x; i < weights.length; i++) {
        sum += data[from] * weights[i];
        from += stride;
      }
      out.data[y * stride + x] = clip(sum >> bits);
    }
  }
}
