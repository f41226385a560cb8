/** Householder's reflections, of which orthogonal reductions are made. */

/**
 * Makes the reflection I - tau v vᵀ that turns x into (beta, 0, ..., 0). x
 * becomes v, whose first element is 1.
 */
export function makeReflector(
  x: Float64Array,
): { readonly tau: number; readonly beta: number } {
  const [alpha] = x;
  let rest = 0;
  for (let i = 1; i < x.length; i++) rest += x[i] * x[i];
  x[0] = 1;
  if (rest === 0) return { tau: 0, beta: alpha };
  const length = Math.sqrt(alpha * alpha + rest);
  const beta = alpha > 0 ? -length : length; // so that nothing cancels
  const scale = 1 / (alpha - beta);
  for (let i = 1; i < x.length; i++) x[i] *= scale;
  return { tau: (beta - alpha) / beta, beta };
}

/** A product of reflections, Q = I - v t vᵀ, and what it makes of columns. */
export interface Reflections {
  /** One reflection a column, column by column. */
  readonly v: readonly Float64Array[];
  /** An upper triangle, row by row. */
  readonly t: Float64Array;
}

/**
 * Makes the reflections that turn columns into an upper triangle, which the
 * columns then are (compact WY form, Schreiber and Van Loan 1989).
 */
export function triangulate(columns: readonly Float64Array[]): Reflections {
  const count = columns.length;
  const t = new Float64Array(count * count);
  const v = columns.map((column, j) => {
    const full = new Float64Array(column.length);
    if (j >= column.length) return full;
    const tail = column.slice(j);
    const { tau, beta } = makeReflector(tail);
    for (let k = j + 1; k < count; k++) {
      const other = columns[k].subarray(j);
      const along = tau * dot(tail, other);
      for (let i = 0; i < tail.length; i++) other[i] -= along * tail[i];
    }
    column.fill(0, j);
    column[j] = beta;
    full.set(tail, j);
    t[j * count + j] = tau;
    return full;
  });
  for (let j = 1; j < count; j++) {
    const tau = t[j * count + j];
    const along = Float64Array.from({ length: j }, (_, k) => dot(v[k], v[j]));
    for (let i = 0; i < j; i++) {
      t[i * count + j] = -tau *
        dot(t.subarray(i * count, i * count + j), along);
    }
  }
  return { v, t };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
