/** Light changes to pictures that leave everything in them its name. */

import type { Rng } from "../../lib/run/random.ts";

/**
 * How far a channel's factor and offset go, where pictures are in -1..1. The
 * nearest backgrounds, orange and yellow, are 0.47 apart in a channel.
 */
const JITTER = 0.03;
/** The share of pictures that is blurred. */
const BLURRED = 0.5;
/** The largest weight of either neighbour in the blur. */
const MOST_BLUR = 0.25;

/**
 * Changes pictures [B,3,side,side] in -1..1 in place: colours by a little, and
 * half of them are blurred, as generated pictures often are.
 */
export function augment(pixels: Float32Array, side: number, rng: Rng): void {
  const plane = side * side;
  for (let start = 0; start < pixels.length; start += 3 * plane) {
    const blur = rng.uniform() < BLURRED ? MOST_BLUR * rng.uniform() : 0;
    for (let c = 0; c < 3; c++) {
      const from = start + c * plane;
      const values = pixels.subarray(from, from + plane);
      const factor = 1 + JITTER * (2 * rng.uniform() - 1);
      const offset = JITTER * (2 * rng.uniform() - 1);
      for (let i = 0; i < plane; i++) values[i] = values[i] * factor + offset;
      if (blur === 0) continue;
      for (let i = 0; i < side; i++) {
        blurLine(values, i * side, 1, side, blur);
      }
      for (let i = 0; i < side; i++) blurLine(values, i, side, side, blur);
    }
  }
}

/** Blurs values at `start`, `start + stride`, …; the ends repeat outwards. */
function blurLine(
  values: Float32Array,
  start: number,
  stride: number,
  count: number,
  weight: number,
): void {
  let before = values[start];
  for (let i = 0, at = start; i < count; i++, at += stride) {
    const own = values[at];
    const after = i + 1 < count ? values[at + stride] : own;
    values[at] = own + weight * (before + after - 2 * own);
    before = own;
  }
}
