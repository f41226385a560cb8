/** Factors of covariance matrices. */

import type { ThreadOptions } from "../../lib/run/session.ts";
import type { Matrix } from "./matrix.ts";
import { withProgram } from "./native.ts";

/** Rows that are found before the rest of the matrix is brought up to date. */
const PANEL = 128;

/**
 * Finds f with fᵀ f = `matrix`, which is symmetric and has no negative
 * eigenvalues. f has as many rows as the matrix's rank: where fewer samples than
 * dimensions made a covariance, it ends where only rounding is left, that of
 * fp32 too: where the diagonal is as much below zero as above.
 *
 * This is Cholesky's factor with the largest pivot first (Higham, "Analysis of
 * the Cholesky Decomposition of a Semi-definite Matrix", 1990), its rows in the
 * order of the pivots and its columns in that of the matrix.
 */
export async function factor(
  matrix: Matrix,
  threads: ThreadOptions = {},
): Promise<Matrix> {
  const size = matrix.rows;
  const left = Float64Array.from(
    { length: size },
    (_, i) => matrix.data[i * size + i],
  );
  const nothing = size * Number.EPSILON * Math.max(0, ...left);
  const found: Float64Array[] = [];
  await withProgram("subtractSquare", threads, async (subtractSquare) => {
    let rest = matrix;
    for (;;) {
      const panel = findPanel(rest, left, nothing, size - found.length);
      found.push(...panel);
      if (panel.length < PANEL || found.length === size) return;
      rest = await subtractSquare({ x: stack(panel, size), s: rest });
    }
  });
  return stack(found, size);
}

/**
 * The next rows of the factor.
 * @param left the diagonal of what is left, which is brought up to date
 */
function findPanel(
  { data }: Matrix,
  left: Float64Array,
  nothing: number,
  most: number,
): Float64Array[] {
  const size = left.length;
  const panel: Float64Array[] = [];
  while (panel.length < Math.min(PANEL, most)) {
    const pivot = left.indexOf(left.reduce((a, b) => a > b ? a : b));
    const lowest = left.reduce((a, b) => a < b ? a : b);
    if (left[pivot] <= Math.max(nothing, -lowest)) break;
    const row = data.slice(pivot * size, (pivot + 1) * size);
    for (const other of panel) {
      const along = other[pivot];
      for (let i = 0; i < size; i++) row[i] -= along * other[i];
    }
    const scale = 1 / Math.sqrt(left[pivot]);
    for (let i = 0; i < size; i++) {
      row[i] *= scale;
      left[i] -= row[i] * row[i];
    }
    left[pivot] = 0; // it is done, whatever rounding leaves
    panel.push(row);
  }
  return panel;
}

function stack(rows: readonly Float64Array[], columns: number): Matrix {
  const data = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => data.set(row, i * columns));
  return { rows: rows.length, columns, data };
}
