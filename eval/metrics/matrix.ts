/** Matrices of fp64 numbers. */

/** A matrix in host memory, row by row. */
export interface Matrix {
  /** Number of rows. */
  readonly rows: number;
  /** Length of a row. */
  readonly columns: number;
  /** The elements, row by row. */
  readonly data: Float64Array;
}

/** A matrix of zeros. */
export function zeros(rows: number, columns: number): Matrix {
  return { rows, columns, data: new Float64Array(rows * columns) };
}

/** The sum along the diagonal. */
export function trace({ rows, columns, data }: Matrix): number {
  let sum = 0;
  for (let i = 0; i < rows; i++) sum += data[i * columns + i];
  return sum;
}
