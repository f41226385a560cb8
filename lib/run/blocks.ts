/**
 * Weights in 4 or 8 bits: unsigned numbers around their middle, and a float32
 * scale for every so many values of a row. Value = (number - middle) * scale;
 * of two numbers in a byte the first is the low one, as the runtime's
 * MatMulNBits reads them.
 */

/** How values are packed. */
export interface BlockFormat {
  /** Bits of a value. */
  readonly bits: 4 | 8;
  /** Values of a row that share a scale. */
  readonly block: number;
}

/** The formats by name. Scales add an eighth to int4, a 32nd to int8. */
export const BLOCKS = {
  int4: { bits: 4, block: 64 },
  int8: { bits: 8, block: 128 },
} as const satisfies Record<string, BlockFormat>;

/** Packed values. */
export interface Blocks {
  /** Row by row. */
  readonly values: Uint8Array;
  /** One for every block. */
  readonly scales: Float32Array;
}

/**
 * Shares of the widest scale that are tried in 4 bits: where a block's largest
 * value is cut off, the others are rounded to finer levels.
 */
const SHARES = [1, 0.95, 0.9, 0.85, 0.8, 0.75];

/**
 * Rounds to the nearest of 16 or 256 levels. At the widest scale the lowest of
 * them is the value of the largest magnitude in the block: a scale is negative
 * where that value is not. What is as large on the other side is a level short.
 * @throws RangeError if the last block would be short
 */
export function quantizeBlocks(
  data: Float32Array,
  { bits, block }: BlockFormat,
): Blocks {
  if (data.length % block !== 0) {
    throw new RangeError(
      `Cannot quantize ${data.length} values in blocks of ${block}: ` +
        `the last block would be short`,
    );
  }
  const middle = 2 ** (bits - 1);
  const values = new Uint8Array(data.length * bits / 8);
  const scales = blockScales(data, { bits, block });
  const [half, highest] = [middle + 0.5, 2 * middle - 1];
  // Billions of values come through here: plain loops.
  for (let i = 0, b = 0; b < scales.length; b++) {
    const levels = scales[b] === 0 ? 0 : 1 / scales[b];
    for (const end = i + block; i < end; i++) {
      const number = levelOf(data[i], levels, half, highest);
      if (bits === 8) values[i] = number;
      else values[i >> 1] |= number << 4 * (i & 1);
    }
  }
  return { values, scales };
}

/** The number of the level that is nearest to x. */
function levelOf(x: number, levels: number, half: number, highest: number) {
  return Math.max(0, Math.min(highest, x * levels + half)) | 0;
}

/** The scales alone: in 4 bits those of the least squared error. */
export function blockScales(
  data: Float32Array,
  { bits, block }: BlockFormat,
): Float32Array<ArrayBuffer> {
  const lowest = -(2 ** (bits - 1));
  const scales = new Float32Array(data.length / block);
  for (let i = 0, b = 0; b < scales.length; b++) {
    let extreme = 0;
    for (const end = i + block; i < end; i++) {
      if (Math.abs(data[i]) > Math.abs(extreme)) extreme = data[i];
    }
    const widest = extreme / lowest;
    scales[b] = bits === 8 || widest === 0
      ? widest
      : bestScale(data, i - block, i, widest);
  }
  return scales;
}

/** The best share of a scale for the values of an int4 block. */
function bestScale(
  data: Float32Array,
  from: number,
  to: number,
  widest: number,
): number {
  let [best, least] = [widest, Infinity];
  for (const share of SHARES) {
    const scale = share * widest;
    const levels = 1 / scale;
    let error = 0;
    for (let i = from; i < to; i++) {
      const number = levelOf(data[i], levels, 8.5, 15);
      error += (data[i] - (number - 8) * scale) ** 2;
    }
    if (error < least) [best, least] = [scale, error];
  }
  return best;
}

/** The values that numbers and scales stand for. */
export function dequantizeBlocks(
  { values, scales }: Readonly<Blocks>,
  { bits, block }: BlockFormat,
): Float32Array<ArrayBuffer> {
  const middle = 2 ** (bits - 1);
  const data = new Float32Array(values.length * 8 / bits);
  for (let i = 0; i < data.length; i++) {
    const level = bits === 8 ? values[i] : values[i >> 1] >> 4 * (i & 1) & 15;
    data[i] = (level - middle) * scales[Math.floor(i / block)];
  }
  return data;
}
