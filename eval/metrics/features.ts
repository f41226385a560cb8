/** What a network says of samples: one row of numbers each. */

import { createHash } from "node:crypto";
import { joinFloats } from "../../lib/run/join.ts";
import type { Matrix } from "./matrix.ts";

/** Features [n,F] of samples, row by row. */
export interface Features {
  /** Number of samples, n. */
  readonly count: number;
  /** Numbers for each, F. */
  readonly width: number;
  /** The numbers, sample by sample. */
  readonly data: Float32Array | Float64Array;
}

/** Several sets as one, in float32. */
export function joinFeatures(sets: readonly Features[]): Features {
  return {
    count: sets.reduce((sum, { count }) => sum + count, 0),
    width: sets[0].width,
    data: joinFloats(sets.map(({ data }) => data)),
  };
}

/**
 * Checks that features are what they say.
 *
 * @param what the features, for the error
 * @throws RangeError for a length that doesn't fit and for NaN and infinities
 */
export function checkFeatures(
  { count, width, data }: Features,
  what: string,
): void {
  if (width < 1 || data.length !== count * width) {
    throw new RangeError(
      `Cannot use ${what}: found ${data.length} numbers, wanted those of ` +
        `${count} samples with ${width} each, and at least one`,
    );
  }
  const bad = data.findIndex((x) => !Number.isFinite(x));
  if (bad >= 0) {
    throw new RangeError(
      `Cannot use ${what}: number ${bad % width} of sample ` +
        `${Math.floor(bad / width)} is ${data[bad]}; the network that made ` +
        `them or its input is at fault`,
    );
  }
}

/** Some of the samples, in the order of the indices. */
export function pickRows(
  { width, data }: Features,
  indices: ArrayLike<number>,
): Features {
  const picked = data instanceof Float32Array
    ? new Float32Array(indices.length * width)
    : new Float64Array(indices.length * width);
  for (let i = 0; i < indices.length; i++) {
    const start = indices[i] * width;
    picked.set(data.subarray(start, start + width), i * width);
  }
  return { count: indices.length, width, data: picked };
}

/** Samples from `start` up to `end`. */
export function sliceRows(
  { count, width, data }: Features,
  start: number,
  end: number,
): Features {
  const to = Math.min(end, count);
  return {
    count: to - start,
    width,
    data: data.subarray(start * width, to * width),
  };
}

/** The same numbers as an fp64 matrix. */
export function toMatrix({ count, width, data }: Features): Matrix {
  return {
    rows: count,
    columns: width,
    data: data instanceof Float64Array ? data : Float64Array.from(data),
  };
}

/** The squared length of each sample. */
export function squaredLengths({ count, width, data }: Features): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => {
    let sum = 0;
    for (let j = i * width; j < (i + 1) * width; j++) sum += data[j] * data[j];
    return sum;
  });
}

/** Every sample brought to length 1, in fp64. */
export function normalized(features: Features): Features {
  const { count, width } = features;
  const lengths = squaredLengths(features).map(Math.sqrt);
  const zero = lengths.indexOf(0);
  if (zero >= 0) {
    throw new RangeError(
      `Cannot compare directions: embedding ${zero} has the length 0`,
    );
  }
  const data = Float64Array.from(
    features.data,
    (x, i) => x / lengths[Math.floor(i / width)],
  );
  return { count, width, data };
}

/** A fingerprint of features: SHA-256 of shape, type and numbers. */
export function hashFeatures({ count, width, data }: Features): string {
  const bits = data.BYTES_PER_ELEMENT * 8;
  return createHash("sha256")
    .update(`float${bits} [${count},${width}] `)
    .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .digest("hex");
}
