/**
 * First values that know which codes look alike: the rows of codes with like
 * vectors are alike, so that what is learned of one serves its neighbours from
 * the first step on. The paper says nothing of how its embeddings start.
 */

import type { Rng } from "../run/random.ts";
import type { CodeTable } from "../vqgan/code_table.ts";

/**
 * A row for each code, its vector times a random matrix, with numbers of the
 * given standard deviation on average; rows for ids behind the codes are random.
 *
 * @param shape rows, at least K, and their width
 * @returns [rows,width]
 */
export function codeRows(
  table: CodeTable,
  [rows, width]: readonly [number, number],
  deviation: number,
  rng: Rng,
): Float32Array<ArrayBuffer> {
  const vectors = standardized(table); // [K,c]
  const inner = table.width;
  const projection = Float32Array.from(
    { length: inner * width },
    () => rng.normal() / Math.sqrt(inner),
  ); // [c,width]
  const values = Float32Array.from(
    { length: rows * width },
    () => rng.normal() * deviation,
  );
  for (let code = 0; code < vectors.length / inner; code++) {
    for (let column = 0; column < width; column++) {
      let sum = 0;
      for (let i = 0; i < inner; i++) {
        sum += vectors[code * inner + i] * projection[i * width + column];
      }
      values[code * width + column] = sum * deviation;
    }
  }
  return values;
}

/** The vectors about their mean, with a variance of 1 over all of them. */
function standardized({ vectors, width }: CodeTable): Float32Array {
  const found = vectors.slice();
  const count = found.length / width;
  for (let column = 0; column < width; column++) {
    let mean = 0;
    for (let code = 0; code < count; code++) {
      mean += found[code * width + column] / count;
    }
    for (let code = 0; code < count; code++) {
      found[code * width + column] -= mean;
    }
  }
  const scale = 1 / Math.sqrt(
    found.reduce((sum, x) => sum + x * x, 0) / found.length,
  );
  return found.map((x) => x * scale);
}
