/**
 * Rotary positions (Su et al. 2021, arXiv 2104.09864) on a grid: queries and
 * keys are turned by angles that grow with the row in one half of their
 * numbers and with the column in the other, so that what two places say to each
 * other depends on how they lie to each other.
 */

import type { Node } from "../graph/node.ts";
import { add, constant, matmul, mul } from "../graph/ops.ts";

/** Turns x [B,N,heads,d] by the places of its N tokens. */
export type Turn = (x: Node) => Node;

/** A row and a column. */
export type Place = readonly [row: number, column: number];

/** From a radian a row or column, angles slow down towards one of this. */
const SLOWEST = 32;

/**
 * For tokens at these places, and heads of `size` numbers.
 * @throws RangeError unless those are pairs for both axes: a multiple of 4
 */
export function rotary(places: readonly Place[], size: number): Turn {
  if (!(Number.isInteger(size / 4) && size > 0)) {
    throw new RangeError(
      `Cannot turn heads by their places: found ${size} numbers in each, ` +
        `wanted a multiple of 4; choose another width or number of heads`,
    );
  }
  const pairs = size / 4;
  const cosines = new Float32Array(places.length * size);
  const sines = new Float32Array(places.length * size);
  places.forEach((at, place) => {
    for (let i = 0; i < size; i++) {
      const axis = Math.floor(i / (2 * pairs));
      const angle = at[axis] * SLOWEST ** (-(i % pairs) / pairs);
      cosines[place * size + i] = Math.cos(angle);
      sines[place * size + i] = Math.sin(angle);
    }
  });
  const shape = [places.length, 1, size];
  const [cosine, sine] = [constant(cosines, shape), constant(sines, shape)];
  const partner = constant(quarterTurn(size), [size, size]);
  return (x) => add(mul(x, cosine), mul(matmul(x, partner), sine));
}

/** The places of a grid h x w, row by row. */
export function gridPlaces(
  [height, width]: readonly [number, number],
): Place[] {
  return Array.from(
    { length: height * width },
    (_, i) => [Math.floor(i / width), i % width],
  );
}

/** [size,size]: x times it is x with every pair (a, b) become (-b, a). */
function quarterTurn(size: number): Float32Array<ArrayBuffer> {
  const pairs = size / 4;
  const matrix = new Float32Array(size * size);
  for (let i = 0; i < size; i++) {
    const first = i % (2 * pairs) < pairs;
    const other = first ? i + pairs : i - pairs;
    matrix[other * size + i] = first ? -1 : 1;
  }
  return matrix;
}
