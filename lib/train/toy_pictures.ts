/** Small generated pictures and tokens, for tests of the trainers. */

import { createRng } from "../run/random.ts";
import type { TokenBatch } from "./masked_stage.ts";

const PALETTE = [[0.8, -0.6, -0.6], [-0.6, 0.8, -0.4], [0.9, 0.9, 0.2]];

/**
 * Pictures [B,3,side,side] in -1..1: a disc of one colour on a ground of
 * another one, by the number of the batch.
 */
export function toyPictures(
  number: number,
  batch: number,
  side: number,
): Float32Array {
  const rng = createRng("toy pictures", number);
  const plane = side * side;
  const pixels = new Float32Array(batch * 3 * plane);
  for (let i = 0; i < batch; i++) {
    const colours = [rng.pick(PALETTE), rng.pick(PALETTE)];
    const [row, column] = [rng.uniform() * side, rng.uniform() * side];
    const radius = side * (0.2 + 0.3 * rng.uniform());
    for (let c = 0; c < 3; c++) {
      for (let at = 0; at < plane; at++) {
        const y = Math.floor(at / side) - row;
        const x = at % side - column;
        const inside = Math.hypot(x, y) < radius ? 1 : 0;
        pixels[(i * 3 + c) * plane + at] = colours[inside][c];
      }
    }
  }
  return pixels;
}

/** Sizes of toy tokens and texts. */
export interface ToyTokens {
  readonly batch: number;
  readonly count: number;
  readonly codes: number;
  readonly textLength: number;
  readonly textWidth: number;
}

/**
 * Tokens that a text explains: all of a picture's are the number its text
 * tells by a one in the first state.
 */
export function toyTokens(
  number: number,
  { batch, count, codes, textLength, textWidth }: ToyTokens,
): TokenBatch {
  const rng = createRng("toy tokens", number);
  const tokens = new Int32Array(batch * count);
  const states = new Float32Array(batch * textLength * textWidth);
  const textMask = new Float32Array(batch * textLength);
  for (let i = 0; i < batch; i++) {
    const code = rng.integer(Math.min(codes, textWidth));
    tokens.fill(code, i * count, (i + 1) * count);
    states[i * textLength * textWidth + code] = 1;
    const shown = 1 + rng.integer(textLength);
    textMask.fill(1, i * textLength, i * textLength + shown);
  }
  return { tokens, states, textMask };
}
