/**
 * Structural similarity (Wang et al., "Image Quality Assessment: From Error
 * Visibility to Structural Similarity", 2004), and the peak signal to noise
 * ratio, of pictures of bytes.
 */

import type { Picture } from "../../lib/image/picture.ts";

/** Pixels a side of the window, and the deviation of its Gaussian. */
const WINDOW = 11;
const DEVIATION = 1.5;
/** (K₁L)² and (K₂L)² with L = 255. */
const C1 = (0.01 * 255) ** 2;
const C2 = (0.03 * 255) ** 2;

const WEIGHTS = gaussian();

function gaussian(): Float64Array {
  const middle = (WINDOW - 1) / 2;
  const raw = Float64Array.from(
    { length: WINDOW },
    (_, i) => Math.exp(-((i - middle) ** 2) / (2 * DEVIATION ** 2)),
  );
  const sum = raw.reduce((a, b) => a + b);
  return raw.map((weight) => weight / sum);
}

/**
 * The similarity of two pictures, up to 1 for equal ones: the mean over colours
 * and over all windows that lie within the picture.
 *
 * @throws RangeError for pictures of different sizes, or smaller than a window
 */
export function ssim(a: Picture, b: Picture): number {
  checkSizes(a, b);
  const { width, height } = a;
  if (width < WINDOW || height < WINDOW) {
    throw new RangeError(
      `Cannot compare pictures of ${width}x${height} by SSIM: its window has ` +
        `${WINDOW} pixels a side`,
    );
  }
  let sum = 0;
  for (let channel = 0; channel < 3; channel++) {
    const plane = (value: (i: number) => number) =>
      blurred(
        Float64Array.from(
          { length: width * height },
          (_, i) => value(3 * i + channel),
        ),
        width,
        height,
      );
    const meanA = plane((i) => a.data[i]);
    const meanB = plane((i) => b.data[i]);
    const ofA = plane((i) => a.data[i] ** 2);
    const ofB = plane((i) => b.data[i] ** 2);
    const ofBoth = plane((i) => a.data[i] * b.data[i]);
    for (let i = 0; i < meanA.length; i++) {
      const product = meanA[i] * meanB[i];
      const squares = meanA[i] ** 2 + meanB[i] ** 2;
      const covariance = ofBoth[i] - product;
      const variances = ofA[i] + ofB[i] - squares;
      sum += (2 * product + C1) * (2 * covariance + C2) /
        ((squares + C1) * (variances + C2)) / meanA.length;
    }
  }
  return sum / 3;
}

/** Weighted means over all windows within a plane. */
function blurred(
  plane: Float64Array,
  width: number,
  height: number,
): Float64Array {
  const [across, down] = [width, height].map((side) => side - WINDOW + 1);
  const rows = new Float64Array(across * height);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < across; x++, at++) {
      let sum = 0;
      for (let i = 0; i < WINDOW; i++) {
        sum += WEIGHTS[i] * plane[y * width + x + i];
      }
      rows[at] = sum;
    }
  }
  const out = new Float64Array(across * down);
  for (let at = 0; at < out.length; at++) {
    let sum = 0;
    for (let i = 0; i < WINDOW; i++) sum += WEIGHTS[i] * rows[at + i * across];
    out[at] = sum;
  }
  return out;
}

/** Of equal pictures, whose ratio is infinite. */
const MOST_DECIBELS = 100;

/**
 * The peak signal to noise ratio of two pictures in dB, over all pixels and
 * colours; at most 100.
 *
 * @throws RangeError for pictures of different sizes
 */
export function psnr(a: Picture, b: Picture): number {
  checkSizes(a, b);
  let squares = 0;
  for (let i = 0; i < a.data.length; i++) {
    squares += (a.data[i] - b.data[i]) ** 2;
  }
  const error = squares / a.data.length / 255 ** 2;
  return Math.min(MOST_DECIBELS, -10 * Math.log10(error));
}

function checkSizes(a: Picture, b: Picture): void {
  if (a.width === b.width && a.height === b.height) return;
  throw new RangeError(
    `Cannot compare a picture of ${a.width}x${a.height} with one of ` +
      `${b.width}x${b.height}: wanted one size`,
  );
}
