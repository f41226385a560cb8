/**
 * Wrong tokens in the low-resolution input of super-resolution. It is trained
 * on tokens of real pictures but used on those that the base drew, some of
 * which are slightly off and some plainly wrong. The paper says nothing of
 * this; diffusion cascades blur or add noise to the input of their later
 * stages for the same reason (Ho et al. 2022, arXiv 2106.15282, section 4).
 * What fits tokens is to replace some of them.
 */

import type { Rng } from "../run/random.ts";

/** Nearest codes that one may be taken for. */
export const NEIGHBOURS = 8;

/**
 * Tokens [B,N] of which some are replaced: in each picture a share that is
 * drawn evenly from 0 to `most`, so that the network also learns how much a
 * tidy input can be trusted. Half of the replacements are codes that look
 * alike, as where the base hesitated between two; the others are any tokens of
 * the batch, so that codes stay as frequent as they are in pictures.
 *
 * @param near ids [K,{@linkcode NEIGHBOURS}] of the codes nearest to each
 */
export function corruptTokens(
  tokens: Int32Array,
  batch: number,
  near: Int32Array,
  most: number,
  rng: Rng,
): Int32Array {
  const length = tokens.length / batch;
  const corrupted = tokens.slice();
  for (let picture = 0; picture < batch; picture++) {
    const share = most * rng.uniform();
    for (let i = 0; i < length; i++) {
      if (rng.uniform() >= share) continue;
      const at = picture * length + i;
      corrupted[at] = rng.uniform() < 0.5
        ? near[tokens[at] * NEIGHBOURS + rng.integer(NEIGHBOURS)]
        : tokens[rng.integer(tokens.length)];
    }
  }
  return corrupted;
}
