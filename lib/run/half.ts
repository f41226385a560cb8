/**
 * The two 16-bit float formats, as raw bits in `Uint16Array`s. Narrowing rounds
 * to nearest, ties to even; widening is exact.
 */

/** float32 to the bits of float16; beyond 65504 becomes infinity. */
export function f32ToF16(values: Float32Array): Uint16Array<ArrayBuffer> {
  // The engine's own conversion rounds to nearest even, NaN and subnormals too.
  return new Uint16Array(new Float16Array(values).buffer);
}

/**
 * A weight as the bits of float16.
 *
 * @param name of the weight, for the error
 * @throws RangeError for a value that float16 doesn't reach
 */
export function toFloat16(
  weight: Float32Array,
  name: string,
): Uint16Array<ArrayBuffer> {
  const most = 65504;
  const odd = weight.find((value) => Math.abs(value) > most);
  if (odd === undefined) return f32ToF16(weight);
  throw new RangeError(
    `Cannot store ${name} in float16: it has the weight ${odd}, but the ` +
      `largest number there is ${most}; take another precision`,
  );
}

/** The bits of float16 to float32. */
export function f16ToF32(bits: Uint16Array): Float32Array<ArrayBuffer> {
  return new Float32Array(
    new Float16Array(bits.buffer, bits.byteOffset, bits.length),
  );
}

/** float32 to the bits of bfloat16, the upper half of a float32. */
export function f32ToBf16(values: Float32Array): Uint16Array<ArrayBuffer> {
  const wide = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const bits = new Uint16Array(wide.length);
  for (let i = 0; i < wide.length; i++) {
    const u = wide[i];
    // Rounding could carry a NaN's payload over into infinity: keep it quiet.
    const isNaN = (u & 0x7fffffff) > 0x7f800000;
    bits[i] = isNaN
      ? (u >>> 16) | 0x40
      : (u + 0x7fff + ((u >>> 16) & 1)) >>> 16;
  }
  return bits;
}

/** The bits of bfloat16 to float32. */
export function bf16ToF32(bits: Uint16Array): Float32Array<ArrayBuffer> {
  const wide = new Uint32Array(bits.length);
  for (let i = 0; i < bits.length; i++) wide[i] = bits[i] << 16;
  return new Float32Array(wide.buffer);
}
