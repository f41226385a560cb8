/**
 * Masking of tokens: which positions training hides, and how many (Muse,
 * section 2.6). A mask holds 1 where a token is unknown and 0 where it is
 * given.
 */

import type { Rng } from "../run/random.ts";

/**
 * Masking rate of one training sample: cos(π u / 2), whose density
 * 2/π (1 - r²)^(-1/2) is the truncated arccos distribution of section 2.6,
 * with the mean 2/π = 0.64.
 *
 * @param u uniform in [0, 1)
 * @returns a rate in (0, 1]
 */
export function samplingMaskRate(u: number): number {
  return Math.cos(Math.PI * u / 2);
}

/**
 * Number of tokens hidden at a rate: the nearest whole number, but at least
 * one unless the rate is 0, so that every training sample has a loss.
 *
 * @throws RangeError for a rate outside [0, 1]
 */
export function countMasked(rate: number, tokens: number): number {
  if (!(rate >= 0 && rate <= 1)) {
    throw new RangeError(
      `Cannot mask tokens: found the rate ${rate}, ` +
        `wanted a number from 0 to 1`,
    );
  }
  return rate === 0 ? 0 : Math.max(1, Math.round(rate * tokens));
}

/**
 * A mask of the given length that hides exactly `masked` positions, every
 * choice of them equally likely.
 *
 * @throws RangeError if there are fewer positions than that
 */
export function randomMask(
  length: number,
  masked: number,
  rng: Rng,
): Uint8Array {
  if (!Number.isInteger(masked) || masked < 0 || masked > length) {
    throw new RangeError(
      `Cannot mask ${masked} of ${length} tokens: ` +
        `wanted a whole number from 0 to ${length}`,
    );
  }
  const mask = new Uint8Array(length);
  // Selection sampling (Knuth, volume 2, algorithm 3.4.2 S): a position is
  // taken with the chance of places left to fill among positions left.
  let left = masked;
  for (let i = 0; i < length; i++) {
    if (rng.uniform() * (length - i) < left) {
      mask[i] = 1;
      left--;
    }
  }
  return mask;
}

/** Tokens with some hidden. */
export interface MaskedTokens {
  /** The mask id where the mask is 1, else the tokens given. */
  readonly tokens: Int32Array;
  /** 1 where a token is hidden. */
  readonly mask: Uint8Array;
}

/**
 * Hides a share of the tokens of one picture, chosen at random.
 *
 * @param tokens ids [N]
 * @param rate share to hide, from 0 to 1 (see {@linkcode countMasked})
 * @param maskId the id that stands for an unknown token
 */
export function maskTokens(
  tokens: Int32Array,
  rate: number,
  rng: Rng,
  maskId: number,
): MaskedTokens {
  const { length } = tokens;
  const mask = randomMask(length, countMasked(rate, length), rng);
  return { tokens: applyMask(tokens, mask, maskId), mask };
}

/**
 * The tokens with the mask id where the mask is not 0; any shape.
 *
 * @throws RangeError if the mask has another length
 */
export function applyMask(
  tokens: Int32Array,
  mask: Uint8Array,
  maskId: number,
): Int32Array {
  if (mask.length !== tokens.length) {
    throw new RangeError(
      `Cannot mask ${tokens.length} tokens by a mask of ${mask.length}: ` +
        `wanted one entry for each token`,
    );
  }
  return tokens.map((token, i) => mask[i] ? maskId : token);
}
