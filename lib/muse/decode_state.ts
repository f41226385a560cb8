/** Where a decode stands: a readonly record that every step replaces. */

import { maskedCounts, type Schedule } from "./schedule.ts";

/** Where a decode starts. */
export interface DecodeStart {
  /** [B,N], the mask id where a token is to be found. */
  readonly tokens: Int32Array;
  /** Tokens N of one picture. */
  readonly length: number;
  /** Tokens down and across; a square by default, if N is one. */
  readonly grid?: readonly [number, number];
  /** The id of an unknown token: the number K of codes. */
  readonly maskId: number;
  /**
   * Picture i of the batch is that of the seed `seed + i`, or of entry i of
   * a list, drawn alone.
   */
  readonly seed: number | readonly number[];
  /** How many tokens each step leaves unknown. */
  readonly schedule: Schedule;
  /** Steps in which all tokens are found. */
  readonly steps: number;
}

/** Everything known between two steps. */
export interface DecodeState {
  /** Tokens N of one picture. */
  readonly length: number;
  /** Tokens down and across; undefined if it isn't known. */
  readonly grid: readonly [number, number] | undefined;
  /** The id of an unknown token. */
  readonly maskId: number;
  /** One a picture. */
  readonly seeds: readonly number[];
  /** For each picture, how many tokens are masked after each step. */
  readonly plan: readonly (readonly number[])[];
  /** Steps done. */
  readonly step: number;
  /** Steps in all. */
  readonly steps: number;
  /** [B,N], the mask id where unknown. */
  readonly tokens: Int32Array;
  /** [B,N], 1 where unknown. */
  readonly mask: Uint8Array;
  /** [B,N], 1 where a token was given at the start; no step changes it. */
  readonly given: Uint8Array;
  /** [B,N], 1 where the last step found a token. */
  readonly chosen: Uint8Array;
  /** [B,N], 1 where the last step hid a token that was found before. */
  readonly remasked: Uint8Array;
  /**
   * [B,N], the tokens and in place of unknown ones what was last predicted for
   * them.
   */
  readonly predicted: Int32Array;
  /**
   * [B,N], the probability the network gave to each of `predicted` when it
   * predicted it; 1 for tokens given at the start, 0 for what was never
   * predicted.
   */
  readonly confidence: Float32Array;
  /** Scale of the guidance in the last step. */
  readonly guidance: number;
  /** Temperature of the tokens' distribution in the last step. */
  readonly temperature: number;
  /** Temperature of the noise in the last step's choice. */
  readonly choiceTemperature: number;
  /** What the last step took. */
  readonly seconds: number;
}

/** Tokens [B,N] of which none is known. */
export function blankTokens(
  batch: number,
  length: number,
  maskId: number,
): Int32Array {
  return new Int32Array(batch * length).fill(maskId);
}

/**
 * The state before the first step. Tokens other than the mask id are given
 * and stay; the schedule counts the unknown ones of each picture.
 *
 * @throws RangeError for tokens that don't fill whole pictures or are above
 * the mask id, for a mask id that can't be one, for a grid of another size, for
 * seeds that are no whole numbers or not one a picture, and for a schedule that
 * doesn't fit the steps
 */
export function startDecode(start: DecodeStart): DecodeState {
  const { tokens, length, maskId, seed, schedule, steps } = start;
  const batch = tokens.length / length;
  if (!Number.isInteger(batch) || batch < 1) {
    throw new RangeError(
      `Cannot start a decode: found ${tokens.length} tokens, ` +
        `wanted pictures of ${length} each`,
    );
  }
  if (!Number.isInteger(maskId) || maskId < 1) {
    throw new RangeError(
      `Cannot start a decode: found the mask id ${maskId}, wanted the number ` +
        `of codes, at least 1, such as maskId(model.config)`,
    );
  }
  const odd = tokens.find((token) => token < 0 || token > maskId);
  if (odd !== undefined) {
    throw new RangeError(
      `Cannot start a decode: found the token ${odd}, wanted codes from 0 ` +
        `to ${maskId - 1}, or ${maskId} where a token is unknown`,
    );
  }
  const grid = gridOf(start);
  const seeds = seedsOf(seed, batch);
  const mask = Uint8Array.from(tokens, (token) => token === maskId ? 1 : 0);
  const plan = countOnes(mask, length).map((masked) =>
    maskedCounts(schedule, masked, steps, length)
  );
  return {
    length,
    grid,
    maskId,
    seeds,
    plan,
    step: 0,
    steps,
    tokens: tokens.slice(),
    mask,
    given: mask.map((bit) => 1 - bit),
    chosen: new Uint8Array(tokens.length),
    remasked: new Uint8Array(tokens.length),
    predicted: tokens.slice(),
    confidence: Float32Array.from(mask, (bit) => 1 - bit),
    guidance: 0,
    temperature: 0,
    choiceTemperature: 0,
    seconds: 0,
  };
}

/** The grid that is given, or a square. */
function gridOf({ grid, length }: DecodeStart): DecodeState["grid"] {
  if (!grid) {
    const side = Math.sqrt(length);
    return Number.isInteger(side) ? [side, side] : undefined;
  }
  const [rows, columns] = grid;
  if (rows > 0 && Number.isInteger(rows) && rows * columns === length) {
    return grid;
  }
  throw new RangeError(
    `Cannot start a decode: found a grid of ${rows} x ${columns}, wanted one ` +
      `of ${length} tokens`,
  );
}

/**
 * One seed a picture, from the first one or from a list.
 * @throws RangeError if there are more or fewer, or they aren't whole numbers
 */
export function seedsOf(
  seed: DecodeStart["seed"],
  batch: number,
): readonly number[] {
  const seeds = typeof seed === "number"
    ? Array.from({ length: batch }, (_, i) => seed + i)
    : [...seed];
  if (seeds.length !== batch) {
    throw new RangeError(
      `Cannot start a decode: found ${seeds.length} seeds, wanted ${batch}, ` +
        `one for each picture`,
    );
  }
  const odd = seeds.find((one) => !Number.isSafeInteger(one));
  if (odd === undefined) return seeds;
  throw new RangeError(
    `Cannot start a decode: found the seed ${odd}, wanted a whole number`,
  );
}

/** Views of an array [B,N], picture by picture. */
export function rows<T extends Int32Array | Float32Array | Uint8Array>(
  array: T,
  length: number,
): T[] {
  return Array.from(
    { length: array.length / length },
    (_, i) => array.subarray(i * length, (i + 1) * length) as T,
  );
}

/** How many entries of each picture's mask [N] are 1. */
export function countOnes(mask: Uint8Array, length: number): number[] {
  return rows(mask, length).map((row) =>
    row.reduce((sum, bit) => sum + bit, 0)
  );
}
