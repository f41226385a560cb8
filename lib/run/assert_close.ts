/** The comparison of tests on numbers. */

import assert from "node:assert/strict";

/**
 * Asserts max|found - wanted| <= tolerance * max(1, max|wanted|); NaN is never
 * close. `about` is added to the message of a failure.
 */
export function assertClose(
  found: ArrayLike<number>,
  wanted: ArrayLike<number>,
  tolerance: number,
  about: () => string = () => "",
): void {
  let largest = 1;
  for (let i = 0; i < wanted.length; i++) {
    largest = Math.max(largest, Math.abs(wanted[i]));
  }
  assertWithin(found, wanted, tolerance * largest, about);
}

/** As {@linkcode assertClose}, but of numbers of any size as of small ones. */
export function assertWithin(
  found: ArrayLike<number>,
  wanted: ArrayLike<number>,
  tolerance: number,
  about: () => string = () => "",
): void {
  assert.equal(found.length, wanted.length, about());
  let worst = 0;
  let where = 0;
  for (let i = 0; i < wanted.length; i++) {
    const difference = Math.abs(found[i] - wanted[i]);
    if (!(difference <= worst)) [worst, where] = [difference, i];
    if (Number.isNaN(difference)) break;
  }
  assert(
    worst <= tolerance,
    `element ${where} of ${wanted.length} is ${found[where]}, wanted ` +
      `${wanted[where]}; ${worst} apart, allowed ${tolerance}\n` +
      about(),
  );
}
