/** Eigenvalues of symmetric matrices. */

import type { ThreadOptions } from "../../lib/run/session.ts";
import { reduceToBand, reduceToTridiagonal, type Tridiagonal } from "./band.ts";
import type { Matrix } from "./matrix.ts";

/**
 * The eigenvalues of a symmetric matrix, rising. Each is exact to about
 * 1e-15 of the largest.
 */
export async function symmetricEigenvalues(
  matrix: Matrix,
  threads: ThreadOptions = {},
): Promise<Float64Array> {
  const band = await reduceToBand(matrix, threads);
  return tridiagonalEigenvalues(reduceToTridiagonal(band)).sort();
}

/**
 * QL with implicit shifts (Golub and Van Loan, "Matrix Computations", 8.3). The
 * first argument's diagonal becomes the eigenvalues.
 */
function tridiagonalEigenvalues(
  { diagonal: d, beside }: Tridiagonal,
): Float64Array {
  const n = d.length;
  const e = new Float64Array(n);
  e.set(beside);
  for (let first = 0; first < n; first++) {
    for (;;) {
      let last = first;
      while (last < n - 1 && !isNothing(e[last], d[last], d[last + 1])) last++;
      if (last === first) break;
      sweep(d, e, first, last);
    }
  }
  return d;
}

function isNothing(beside: number, a: number, b: number): boolean {
  const size = Math.abs(a) + Math.abs(b);
  return size + Math.abs(beside) === size;
}

/** One step of QL on the rows from `first` to `last`. */
function sweep(
  d: Float64Array,
  e: Float64Array,
  first: number,
  last: number,
): void {
  // Wilkinson's shift: the eigenvalue of the first 2x2 that is closer to d[first].
  const ratio = (d[first + 1] - d[first]) / (2 * e[first]);
  const root = Math.hypot(ratio, 1);
  let g = d[last] - d[first] +
    e[first] / (ratio + (ratio < 0 ? -root : root));
  let [sine, cosine, moved] = [1, 1, 0];
  for (let i = last - 1; i >= first; i--) {
    const f = sine * e[i];
    const b = cosine * e[i];
    const length = Math.sqrt(f * f + g * g);
    e[i + 1] = length;
    if (length === 0) {
      d[i + 1] -= moved;
      e[last] = 0;
      return;
    }
    sine = f / length;
    cosine = g / length;
    g = d[i + 1] - moved;
    const turned = (d[i] - g) * sine + 2 * cosine * b;
    moved = sine * turned;
    d[i + 1] = g + moved;
    g = cosine * turned - b;
  }
  d[first] -= moved;
  e[first] = g;
  e[last] = 0;
}
