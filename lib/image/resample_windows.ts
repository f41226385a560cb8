/**
 * Which source positions an output position is made of, and by what weights,
 * as Pillow (src/libImaging/Resample.c) and PyTorch's antialiased `interpolate`
 * find them: when shrinking, the filter is as much wider.
 */

interface Filter {
  /** Half the filter's width at scale 1, in source positions. */
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

/** One output position's window of source positions. */
export interface Window<Weights = Float64Array> {
  readonly start: number;
  /** They sum to one. */
  readonly weights: Weights;
}

/** The window of each of `to` positions that come from `from`. */
export function resampleWindows(
  from: number,
  to: number,
  filter: ResizeFilter,
): readonly Window[] {
  checkSide(to);
  const { support, weight } = FILTERS[filter];
  const scale = from / to;
  const stretch = Math.max(scale, 1);
  const reach = support * stretch;
  return Array.from({ length: to }, (_, i): Window => {
    const centre = (i + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - reach + 0.5));
    const end = Math.min(from, Math.trunc(centre + reach + 0.5));
    const values = Float64Array.from(
      { length: end - start },
      (_, j) => weight((j + start - centre + 0.5) * (1 / stretch)),
    );
    const sum = values.reduce((total, value) => total + value, 0);
    return { start, weights: values.map((value) => value / sum) };
  });
}

/** @throws RangeError if a picture can't have a side so long */
export function checkSide(side: number): void {
  if (Number.isInteger(side) && side >= 1) return;
  throw new RangeError(
    `Cannot resize to a side of ${side}: wanted a whole number from 1`,
  );
}

/** The weights as whole numbers, 2^bits for one, rounded half away from zero. */
export function fixedPoint(
  windows: readonly Window[],
  bits: number,
): readonly Window<Int32Array>[] {
  return windows.map(({ start, weights }) => ({
    start,
    weights: Int32Array.from(weights, (weight) => {
      const scaled = weight * (1 << bits);
      return Math.trunc(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    }),
  }));
}
