/** Products of all pairs of samples, a piece at a time. */

import { type Features, sliceRows, toMatrix } from "./features.ts";
import type { Matrix } from "./matrix.ts";
import type { RunProgram } from "./native.ts";

/** Rows and columns of a piece, of at most 32 MB. */
const ROWS = 1024;
const COLUMNS = 4096;

/**
 * Looks at the products a bᵀ of all samples of one set with all of another.
 *
 * @param visit is given a piece, and the sample of `a` and of `b` that it
 * begins with; row after row of pieces
 * @throws RangeError for features of different widths
 */
export async function eachTile(
  rowProducts: RunProgram<"rowProducts">,
  a: Features,
  b: Features,
  visit: (products: Matrix, row: number, column: number) => void,
): Promise<void> {
  if (a.width !== b.width) {
    throw new RangeError(
      `Cannot compare features: found ${a.width} and ${b.width} numbers a ` +
        `sample, wanted those of one network`,
    );
  }
  for (let row = 0; row < a.count; row += ROWS) {
    const rows = toMatrix(sliceRows(a, row, row + ROWS));
    for (let column = 0; column < b.count; column += COLUMNS) {
      const columns = toMatrix(sliceRows(b, column, column + COLUMNS));
      visit(await rowProducts({ a: rows, b: columns }), row, column);
    }
  }
}
