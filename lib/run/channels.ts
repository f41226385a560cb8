/**
 * Matrices [N,K] in int8, a float32 scale for each of the N output channels,
 * stored as [K,N], which is how the runtime's integer product wants them.
 * Value = byte * scale.
 */

/** A matrix in int8. */
export interface Channels {
  /** [K,N] */
  readonly values: Int8Array<ArrayBuffer>;
  /** [N] */
  readonly scales: Float32Array<ArrayBuffer>;
}

/** Levels on either side of the zero: all, or those of 7 bits. */
export type ChannelLevels = 127 | 63;

/**
 * Rounds to the nearest level; the outermost one is the largest magnitude of a
 * channel.
 *
 * @param data [N,K]
 * @param outputs N
 */
export function quantizeChannels(
  data: Float32Array,
  outputs: number,
  levels: ChannelLevels = 127,
): Channels {
  const inputs = data.length / outputs;
  const values = new Int8Array(data.length);
  const scales = new Float32Array(outputs);
  // Hundreds of millions of values come through here: plain loops.
  for (let n = 0; n < outputs; n++) {
    const row = data.subarray(n * inputs, (n + 1) * inputs);
    let largest = 0;
    for (let k = 0; k < inputs; k++) {
      largest = Math.max(largest, Math.abs(row[k]));
    }
    scales[n] = largest / levels;
    const perUnit = largest === 0 ? 0 : levels / largest;
    for (let k = 0; k < inputs; k++) {
      values[k * outputs + n] = Math.round(row[k] * perUnit);
    }
  }
  return { values, scales };
}

/** The values [N,K] that bytes and scales stand for. */
export function dequantizeChannels(
  { values, scales }: { values: Int8Array; scales: Float32Array },
): Float32Array<ArrayBuffer> {
  const outputs = scales.length;
  const inputs = values.length / outputs;
  const data = new Float32Array(values.length);
  for (let n = 0; n < outputs; n++) {
    for (let k = 0; k < inputs; k++) {
      data[n * inputs + k] = values[k * outputs + n] * scales[n];
    }
  }
  return data;
}
