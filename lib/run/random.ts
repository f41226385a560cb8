/**
 * Seeded random numbers: the only source of chance in this project.
 *
 * The generator is sfc32 (C. Doty-Humphrey's "small fast counting" generator
 * from PractRand): 128 bits of state, period at least 2^32, a handful of
 * 32-bit operations a number. The state comes from hashing a key, so that
 * `("train", 3)` and `("train", 4)` are unrelated streams.
 */

/** A stream of random numbers; every method advances it. */
export interface Rng {
  /** A number in [0, 1) with 32 random bits. */
  uniform(): number;
  /** An integer in [0, n), every one equally likely; 1 <= n <= 2^32. */
  integer(n: number): number;
  /** A number from the standard normal distribution. */
  normal(): number;
  /** One of the items, every one equally likely. */
  pick<T>(items: readonly T[]): T;
  /** A shuffled copy. */
  shuffle<T>(items: readonly T[]): T[];
  /** Fills the array with float32 numbers in [0, 1), never 1, and returns it. */
  fill(out: Float32Array): Float32Array;
  /** The state, which {@linkcode restoreRng} takes up again. */
  state(): readonly number[];
}

/** A stream that depends on every part of the key and on their order. */
export function createRng(...key: readonly (number | string)[]): Rng {
  for (const part of key) {
    if (typeof part === "number" && !Number.isFinite(part)) {
      throw new RangeError(
        `A random key holds ${part}; use finite numbers and strings.`,
      );
    }
  }
  const bytes = new TextEncoder().encode(JSON.stringify(key));
  const rng = restoreRng([1, 2, 3, 4].map((lane) => hash(bytes, lane)));
  for (let i = 0; i < 12; i++) rng.uniform(); // sfc32's own warm-up
  return rng;
}

/** The stream that continues from `state()` of another one. */
export function restoreRng(state: readonly number[]): Rng {
  if (state.length !== 4 || !state.every(isUint32)) {
    throw new RangeError(
      `A random state is four integers in [0, 2^32), not [${state}].`,
    );
  }
  let [a, b, c, counter] = state.map((word) => word | 0);

  function bits(): number {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  function integer(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 2 ** 32) {
      throw new RangeError(
        `A random integer below ${n} was asked for; the bound is a whole ` +
          `number from 1 to 2^32.`,
      );
    }
    // Rejecting the incomplete last run of n keeps every value equally likely.
    const limit = 2 ** 32 - (2 ** 32 % n);
    let value = bits();
    while (value >= limit) value = bits();
    return value % n;
  }

  return {
    uniform: () => bits() / 2 ** 32,
    integer,
    normal() {
      // Box-Muller without keeping the second value: the state stays four
      // words. 1 - u is never zero.
      const radius = Math.sqrt(-2 * Math.log(1 - bits() / 2 ** 32));
      return radius * Math.cos(2 * Math.PI * (bits() / 2 ** 32));
    },
    pick(items) {
      if (items.length === 0) throw new RangeError("Cannot pick from nothing.");
      return items[integer(items.length)];
    },
    shuffle(items) {
      const out = [...items];
      for (let i = out.length - 1; i > 0; i--) {
        const j = integer(i + 1);
        [out[i], out[j]] = [out[j], out[i]];
      }
      return out;
    },
    fill(out) {
      // 24 bits are what a float32 below one holds exactly.
      for (let i = 0; i < out.length; i++) out[i] = (bits() >>> 8) / 2 ** 24;
      return out;
    },
    state: () => [a >>> 0, b >>> 0, c >>> 0, counter >>> 0],
  };
}

function isUint32(word: number): boolean {
  return Number.isInteger(word) && word >= 0 && word < 2 ** 32;
}

/** MurmurHash3's steps (A. Appleby), one byte at a time. */
function hash(bytes: Uint8Array, seed: number): number {
  let h = Math.imul(seed, 0x9e3779b9);
  for (const byte of bytes) {
    let k = Math.imul(byte + 1, 0xcc9e2d51);
    k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
    h ^= k;
    h = (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
  }
  h ^= bytes.length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
