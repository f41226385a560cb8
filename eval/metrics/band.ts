/**
 * From a symmetric matrix to a band and from there to a tridiagonal one, with
 * the same eigenvalues: the two stages of Bischof, Lang and Sun, "A framework
 * for symmetric band reduction" (2000). The first is made of large products,
 * which the native runtime does; the second of small ones, done here.
 */

import type { ThreadOptions } from "../../lib/run/session.ts";
import type { Matrix } from "./matrix.ts";
import { withProgram } from "./native.ts";
import { makeReflector, triangulate } from "./reflector.ts";

/** What lies beside the diagonal: the least time for 2048 rows. */
const WIDTH = 48;

/**
 * The lower half of a symmetric band. Element (i, j) is at i stride + j +
 * stride; the stride leaves room for what grows beside the band on the way.
 */
export interface Band {
  /** Number of rows. */
  readonly rows: number;
  /** Diagonals below the main one. */
  readonly width: number;
  /** From one row to the next. */
  readonly stride: number;
  /** The elements. */
  readonly data: Float64Array;
}

/** A tridiagonal symmetric matrix. */
export interface Tridiagonal {
  /** The diagonal. */
  readonly diagonal: Float64Array;
  /** What is beside it; one element less. */
  readonly beside: Float64Array;
}

/** Reduces a symmetric matrix to a band. */
export async function reduceToBand(
  matrix: Matrix,
  threads: ThreadOptions,
): Promise<Band> {
  const { rows } = matrix;
  const width = Math.max(1, Math.min(WIDTH, rows - 1));
  const stride = 2 * width - 1;
  const band = {
    rows,
    width,
    stride,
    data: new Float64Array(rows * (stride + 1)),
  };
  if (rows <= width + 1) {
    copyCorner(matrix, rows, band, 0);
    return band;
  }
  return await withProgram("reflect", threads, async (reflect) => {
    let rest = matrix;
    let start = 0;
    while (rest.rows > width + 1) {
      copyCorner(rest, width, band, start);
      const columns = takePanel(rest, width);
      const { v, t } = triangulate(columns);
      copyTriangle(columns, band, start);
      rest = await reflect({
        a: rest,
        v: interleave(v),
        t: { rows: width, columns: width, data: t },
      });
      start += width;
    }
    copyCorner(rest, rest.rows, band, start);
    return band;
  });
}

/** Copies the first rows and columns to the band. */
function copyCorner(
  { columns, data }: Matrix,
  size: number,
  band: Band,
  start: number,
): void {
  for (let i = 0; i < size; i++) {
    const row = data.subarray(i * columns, i * columns + i + 1);
    band.data.set(row, (start + i) * band.stride + start + band.stride);
  }
}

/** The first columns, without as many first rows. */
function takePanel({ rows, data }: Matrix, width: number): Float64Array[] {
  return Array.from({ length: width }, (_, j) => {
    const column = new Float64Array(rows - width);
    for (let i = 0; i < column.length; i++) {
      column[i] = data[(width + i) * rows + j];
    }
    return column;
  });
}

function copyTriangle(
  columns: readonly Float64Array[],
  { width, stride, data }: Band,
  start: number,
): void {
  columns.forEach((column, j) => {
    for (let i = 0; i <= j && i < column.length; i++) {
      data[(start + width + i) * stride + start + j + stride] = column[i];
    }
  });
}

function interleave(columns: readonly Float64Array[]): Matrix {
  const rows = columns[0].length;
  const data = new Float64Array(rows * columns.length);
  columns.forEach((column, j) => {
    for (let i = 0; i < rows; i++) data[i * columns.length + j] = column[i];
  });
  return { rows, columns: columns.length, data };
}

/**
 * Reduces a band to its diagonal and what is beside that, column by column.
 * What a reflection pushes out of the band is chased along it to its end.
 */
export function reduceToTridiagonal(band: Band): Tridiagonal {
  const { rows, width, stride, data } = band;
  for (let j = 0; j < rows - 2; j++) {
    let top = j + 1;
    let height = Math.min(width, rows - top);
    let reflection = reflectColumn(band, j, top, height);
    while (height > 1) {
      reflectBlock(band, top, reflection);
      const next = top + height;
      const below = Math.min(width, rows - next);
      if (below < 1) break;
      reflectRows(band, next, below, top, reflection);
      reflection = reflectColumn(band, top, next, below);
      reflectColumns(band, next, top + 1, height - 1, reflection);
      [top, height] = [next, below];
    }
  }
  const at = (i: number, j: number) => data[i * stride + j + stride];
  return {
    diagonal: Float64Array.from({ length: rows }, (_, i) => at(i, i)),
    beside: Float64Array.from(
      { length: Math.max(0, rows - 1) },
      (_, i) => at(i + 1, i),
    ),
  };
}

interface Reflection {
  readonly v: Float64Array;
  readonly tau: number;
}

/** Reflects a piece of a column onto its first element. */
function reflectColumn(
  { stride, data }: Band,
  column: number,
  top: number,
  height: number,
): Reflection {
  const first = top * stride + column + stride;
  const v = new Float64Array(height);
  for (let i = 0; i < height; i++) v[i] = data[first + i * stride];
  const { tau, beta } = makeReflector(v);
  for (let i = 1; i < height; i++) data[first + i * stride] = 0;
  data[first] = beta;
  return { v, tau };
}

/** Reflects a block on the diagonal from both sides. */
function reflectBlock(
  { stride, data }: Band,
  top: number,
  { v, tau }: Reflection,
): void {
  const size = v.length;
  const w = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const row = (top + i) * stride + top + stride;
    const vi = v[i];
    let sum = data[row + i] * vi;
    for (let j = 0; j < i; j++) {
      sum += data[row + j] * v[j];
      w[j] += data[row + j] * vi;
    }
    w[i] += sum;
  }
  let along = 0;
  for (let i = 0; i < size; i++) along += w[i] * v[i];
  const half = tau * along / 2;
  for (let i = 0; i < size; i++) w[i] = tau * (w[i] - half * v[i]);
  for (let i = 0; i < size; i++) {
    const row = (top + i) * stride + top + stride;
    const [vi, wi] = [v[i], w[i]];
    for (let j = 0; j <= i; j++) data[row + j] -= vi * w[j] + wi * v[j];
  }
}

/** Reflects rows, as pieces from the given column on. */
function reflectRows(
  { stride, data }: Band,
  top: number,
  height: number,
  column: number,
  { v, tau }: Reflection,
): void {
  const width = v.length;
  for (let i = 0; i < height; i++) {
    const row = (top + i) * stride + column + stride;
    let along = 0;
    for (let j = 0; j < width; j++) along += data[row + j] * v[j];
    along *= tau;
    for (let j = 0; j < width; j++) data[row + j] -= along * v[j];
  }
}

/** Reflects columns, as pieces from the given row on. */
function reflectColumns(
  { stride, data }: Band,
  top: number,
  column: number,
  width: number,
  { v, tau }: Reflection,
): void {
  const height = v.length;
  const w = new Float64Array(width);
  for (let i = 0; i < height; i++) {
    const row = (top + i) * stride + column + stride;
    const vi = v[i];
    for (let j = 0; j < width; j++) w[j] += vi * data[row + j];
  }
  for (let i = 0; i < height; i++) {
    const row = (top + i) * stride + column + stride;
    const scaled = tau * v[i];
    for (let j = 0; j < width; j++) data[row + j] -= scaled * w[j];
  }
}
