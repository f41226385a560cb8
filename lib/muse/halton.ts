/**
 * Halton's sequence as an order of positions: whatever comes first is spread
 * evenly over the picture (Halton-MaskGIT, arXiv 2503.17076).
 */

/**
 * Digits of a whole number in a base, mirrored at the point: a number in
 * [0, 1).
 */
export function radicalInverse(index: number, base: number): number {
  let [value, digit] = [0, 1 / base];
  for (let rest = index; rest > 0; rest = Math.floor(rest / base)) {
    value += (rest % base) * digit;
    digit /= base;
  }
  return value;
}

const orders = new Map<string, Int32Array>();

/**
 * All positions of a grid, row by row counted, in the order in which Halton's
 * sequence first meets them: its points are (base 2, base 3) from index 1 on,
 * scaled to (rows, columns) and rounded down, as in the authors' code.
 *
 * It meets every cell: the cell holds a rectangle of 2^-a by 3^-b, and of every
 * 2^a 3^b points in a row one falls in there.
 *
 * @param grid tokens down and across
 * @returns [N], each position once
 */
export function haltonOrder(grid: readonly [number, number]): Int32Array {
  const key = grid.join("x");
  const known = orders.get(key);
  if (known) return known;
  const [rows, columns] = grid;
  const order = new Int32Array(rows * columns);
  const isMet = new Uint8Array(order.length);
  let met = 0;
  for (let index = 1; met < order.length; index++) {
    const row = Math.floor(radicalInverse(index, 2) * rows);
    const column = Math.floor(radicalInverse(index, 3) * columns);
    const position = row * columns + column;
    if (isMet[position]) continue;
    isMet[position] = 1;
    order[met++] = position;
  }
  orders.set(key, order);
  return order;
}
