/**
 * int4 weights: two a byte, and one float32 scale for every so many values of a
 * row. Value = (nibble - 8) * scale; the first of two is the low nibble, as the
 * runtime's MatMulNBits reads them.
 */

/** Values of a row that share a scale. */
export const INT4_BLOCK = 32;

/** A matrix in int4. */
export interface Int4 {
  /** Two values a byte, row by row. */
  readonly values: Uint8Array;
  /** One for every {@linkcode INT4_BLOCK} values. */
  readonly scales: Float32Array;
}

/**
 * Rounds to the nearest of 15 levels, symmetric around zero, whose outermost
 * is the largest magnitude in the block.
 * @throws RangeError if the last block would be short
 */
export function quantizeInt4(data: Float32Array): Int4 {
  const count = data.length / INT4_BLOCK;
  if (!Number.isInteger(count)) {
    throw new RangeError(
      `Cannot quantize ${data.length} values in blocks of ${INT4_BLOCK}: ` +
        `the last block would be short`,
    );
  }
  const values = new Uint8Array(data.length / 2);
  const scales = new Float32Array(count);
  for (let block = 0; block < count; block++) {
    const own = data.subarray(block * INT4_BLOCK, (block + 1) * INT4_BLOCK);
    const most = own.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    scales[block] = most / 7;
    const level = (x: number) =>
      (most === 0 ? 0 : Math.round(x * 7 / most)) + 8;
    for (let i = 0; i < INT4_BLOCK; i += 2) {
      values[(block * INT4_BLOCK + i) / 2] = level(own[i]) |
        level(own[i + 1]) << 4;
    }
  }
  return { values, scales };
}

/** The values that nibbles and scales stand for. */
export function dequantizeInt4(
  { values, scales }: Int4,
): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: 2 * values.length }, (_, i) => {
    const byte = values[i >> 1];
    const nibble = i % 2 === 0 ? byte & 15 : byte >> 4;
    return (nibble - 8) * scales[Math.floor(i / INT4_BLOCK)];
  });
}
