/** Codes that look alike. */

import type { CodeTable } from "./code_table.ts";

/**
 * For every code of a table the `count` others closest to it, closest first.
 *
 * @returns ids [K,count]
 * @throws RangeError if there aren't that many others
 */
export function nearestCodes(
  { vectors: rows, width }: CodeTable,
  count: number,
): Int32Array {
  const codes = rows.length / width;
  if (count >= codes) {
    throw new RangeError(
      `Cannot find the ${count} codes nearest to each of ${codes}: ` +
        `there are ${codes - 1} others`,
    );
  }
  const near = new Int32Array(codes * count);
  const distances = new Float32Array(codes);
  for (let code = 0; code < codes; code++) {
    const own = rows.subarray(code * width, (code + 1) * width);
    for (let other = 0; other < codes; other++) {
      let sum = 0;
      for (let i = 0; i < width; i++) {
        sum += (rows[other * width + i] - own[i]) ** 2;
      }
      distances[other] = sum;
    }
    distances[code] = Infinity;
    near.set(smallest(distances, count), code * count);
  }
  return near;
}

/** Places of the smallest values, in ascending order of them. */
function smallest(values: Float32Array, count: number): number[] {
  const places: number[] = [];
  values.forEach((value, place) => {
    if (places.length === count && value >= values[places[count - 1]]) return;
    const at = places.findIndex((other) => value < values[other]);
    places.splice(at < 0 ? places.length : at, 0, place);
    places.length = Math.min(places.length, count);
  });
  return places;
}
