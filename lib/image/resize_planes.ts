/**
 * Resizing planes of floats as the tools of evaluation do. None of them rounds
 * or clips: bicubic goes beyond the values it is given.
 */

import { createPlanes, type Planes } from "./planes.ts";
import {
  checkSide,
  resampleWindows,
  type ResizeFilter,
  type Window,
} from "./resample_windows.ts";

/**
 * As Pillow resizes its mode F, to the last bit: sums in float64, kept in
 * float32 after the horizontal and after the vertical pass. PyTorch's
 * antialiased `interpolate` ("bilinear", "bicubic") of floats is the same but
 * for its sums in float32.
 */
export function resizePlanes(
  planes: Planes,
  width: number,
  height: number,
  filter: ResizeFilter,
): Planes {
  const windows = (from: number, to: number) =>
    from === to ? undefined : resampleWindows(from, to, filter);
  const across = windows(planes.width, width);
  const down = windows(planes.height, height);
  const wide = across ? resampleRows(planes, across) : planes;
  if (down) return resampleColumns(wide, down);
  return createPlanes(planes.channels, width, height, wide.data.slice());
}

function resampleRows(
  { channels, width, height, data }: Planes,
  windows: readonly Window[],
): Planes {
  const out = createPlanes(channels, windows.length, height);
  for (let row = 0, at = 0; row < channels * height; row++) {
    for (const { start, weights } of windows) {
      const from = row * width + start;
      let sum = 0;
      for (let i = 0; i < weights.length; i++) {
        sum += data[from + i] * weights[i];
      }
      out.data[at++] = sum;
    }
  }
  return out;
}

function resampleColumns(
  { channels, width, height, data }: Planes,
  windows: readonly Window[],
): Planes {
  const out = createPlanes(channels, width, windows.length);
  for (let channel = 0, at = 0; channel < channels; channel++) {
    for (const { start, weights } of windows) {
      const first = (channel * height + start) * width;
      for (let x = 0; x < width; x++) {
        let sum = 0;
        for (let i = 0, from = first + x; i < weights.length; i++) {
          sum += data[from] * weights[i];
          from += width;
        }
        out.data[at++] = sum;
      }
    }
  }
  return out;
}

/** One output position lies between two source positions. */
interface Between {
  readonly low: number;
  readonly high: number;
  /** How far from the lower to the higher, float32. */
  readonly share: number;
}

const { fround } = Math;

/**
 * As TensorFlow 1's `resize_bilinear` with `align_corners=False`, to the last
 * bit: positions aren't shifted by half a pixel, and nothing is smoothed when
 * shrinking. FID's reference network resizes so.
 */
export function resizePlanesTf1(
  planes: Planes,
  width: number,
  height: number,
): Planes {
  return interpolate(planes, width, height, (i, scale) => fround(i * scale));
}

/**
 * As PyTorch's bilinear `interpolate` with `align_corners=False` and without
 * antialiasing, but for its order of sums: pytorch-fid resizes so.
 */
export function resizePlanesTorch(
  planes: Planes,
  width: number,
  height: number,
): Planes {
  return interpolate(
    planes,
    width,
    height,
    (i, scale) => Math.max(0, fround(scale * (i + 0.5) - 0.5)),
  );
}

/** The source position of an output position; the scale is float32. */
type PlaceOf = (i: number, scale: number) => number;

/** Where output positions lie between source positions. */
function places(
  from: number,
  to: number,
  placeOf: PlaceOf,
): readonly Between[] {
  checkSide(to);
  const scale = fround(from / to);
  return Array.from({ length: to }, (_, i) => {
    const at = placeOf(i, scale);
    const low = Math.min(Math.floor(at), from - 1);
    const high = Math.min(low + 1, from - 1);
    return { low, high, share: fround(at - low) };
  });
}

function interpolate(
  { channels, width, height, data }: Planes,
  newWidth: number,
  newHeight: number,
  placeOf: PlaceOf,
): Planes {
  const across = places(width, newWidth, placeOf);
  const down = places(height, newHeight, placeOf);
  const out = createPlanes(channels, newWidth, newHeight);
  // Each step is rounded to float32, as the references do.
  const mix = (low: number, high: number, share: number) =>
    fround(low + fround(fround(high - low) * share));
  for (let channel = 0, at = 0; channel < channels; channel++) {
    const plane = channel * height * width;
    for (const y of down) {
      const upper = plane + y.low * width;
      const lower = plane + y.high * width;
      for (const { low, high, share } of across) {
        const top = mix(data[upper + low], data[upper + high], share);
        const bottom = mix(data[lower + low], data[lower + high], share);
        out.data[at++] = mix(top, bottom, y.share);
      }
    }
  }
  return out;
}
