/**
 * Resizing 8-bit pictures exactly as Pillow does (src/libImaging/Resample.c):
 * a horizontal pass, then a vertical one, each with weights rounded to 22-bit
 * fixed point and its result rounded and clipped to bytes. Evaluation numbers
 * depend on this to the last bit.
 */

import { createPicture, type Picture } from "./picture.ts";

interface Filter {
  /** Half the filter's width at scale 1, in source pixels. */
  readonly support: number;
  readonly weight: (x: number) => number;
}

/** The filters of {@linkcode resize}. */
export type ResizeFilter = "box" | "bilinear" | "bicubic" | "lanczos";

const FILTERS: Readonly<Record<ResizeFilter, Filter>> = {
  box: { support: 0.5, weight: (x) => x > -0.5 && x <= 0.5 ? 1 : 0 },
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { support: 2, weight: (x) => cubic(Math.abs(x)) },
  lanczos: {
    support: 3,
    weight: (x) => x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0,
  },
};

/** Keys' cubic with a = -0.5. */
function cubic(x: number): number {
  const a = -0.5;
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
}

const PRECISION = 22;

/** One output position's window of source positions and their weights. */
interface Window {
  readonly start: number;
  readonly weights: Int32Array;
}

/** The picture at another size; when shrinking, filters widen accordingly. */
export function resize(
  picture: Picture,
  width: number,
  height: number,
  filter: ResizeFilter,
): Picture {
  const out = createPicture(width, height);
  const across = picture.width === width
    ? picture
    : resizeRows(picture, width, filter);
  if (picture.height !== height) resizeColumns(across, out, filter);
  else out.data.set(across.data);
  return out;
}

function windows(from: number, to: number, { support, weight }: Filter) {
  const scale = from / to;
  const stretch = Math.max(scale, 1);
  const reach = support * stretch;
  return Array.from({ length: to }, (_, i): Window => {
    const centre = (i + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - reach + 0.5));
    const end = Math.min(from, Math.trunc(centre + reach + 0.5));
    const values = Array.from(
      { length: end - start },
      (_, j) => weight((j + start - centre + 0.5) * (1 / stretch)),
    );
    const sum = values.reduce((total, value) => total + value, 0);
    const weights = values.map((value) => {
      const scaled = (value / sum) * (1 << PRECISION);
      return Math.trunc(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    });
    return { start, weights: Int32Array.from(weights) };
  });
}

const HALF = 1 << (PRECISION - 1);

function clip(sum: number): number {
  const value = sum >> PRECISION;
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

function resizeRows(
  { width, height, data }: Picture,
  to: number,
  filter: ResizeFilter,
): Picture {
  const out = createPicture(to, height);
  const spans = windows(width, to, FILTERS[filter]);
  for (let y = 0, at = 0; y < height; y++) {
    for (const { start, weights } of spans) {
      let [r, g, b] = [HALF, HALF, HALF];
      let from = (y * width + start) * 3;
      for (let i = 0; i < weights.length; i++, from += 3) {
        r += data[from] * weights[i];
        g += data[from + 1] * weights[i];
        b += data[from + 2] * weights[i];
      }
      out.data[at++] = clip(r);
      out.data[at++] = clip(g);
      out.data[at++] = clip(b);
    }
  }
  return out;
}

function resizeColumns(
  { width, height, data }: Picture,
  out: Picture,
  filter: ResizeFilter,
): void {
  const stride = width * 3;
  const spans = windows(height, out.height, FILTERS[filter]);
  for (let y = 0; y < out.height; y++) {
    const { start, weights } = spans[y];
    for (let x = 0; x < stride; x++) {
      let sum = HALF;
      for (let i = 0, from = start * stride + x; i < weights.length; i++) {
        sum += data[from] * weights[i];
        from += stride;
      }
      out.data[y * stride + x] = clip(sum);
    }
  }
}
