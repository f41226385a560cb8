/**
 * Multi-axis self-attention (Zhao et al. 2021, arXiv 2106.07631, section 3.2,
 * which Muse's super-resolution uses, section 2.4). The grid of tokens is cut
 * into blocks. Half of the heads attend within a block, which is local; the
 * others attend to the tokens at the same place of every block, which is
 * global and dilated. With blocks of √N tokens a token attends to 2√N others
 * in place of N.
 *
 * Tokens come in block order, block after block, which is the order both axes
 * need: the whole network keeps it and only its ends move tokens.
 */

import type { Node } from "../graph/node.ts";
import { concat, reshape, slice, transpose } from "../graph/ops.ts";
import { attend } from "./attention.ts";
import type { Turn } from "./rotary.ts";
import type { Mix } from "./transformer.ts";

/** A grid h x w cut into blocks a x b; a divides h, b divides w. */
export interface Blocks {
  readonly grid: readonly [number, number];
  readonly block: readonly [number, number];
}

/** x [B,h*w,...] row by row -> the same tokens block by block. */
export function toBlocks(x: Node, { grid, block }: Blocks): Node {
  const [[h, w], [a, b]] = [grid, block];
  const rest = x.shape.slice(2);
  const cut = reshape(x, [x.shape[0], h / a, a, w / b, b, ...rest]);
  return reshape(swapMiddle(cut), x.shape);
}

/** Undoes {@linkcode toBlocks}. */
export function fromBlocks(x: Node, { grid, block }: Blocks): Node {
  const [[h, w], [a, b]] = [grid, block];
  const rest = x.shape.slice(2);
  const cut = reshape(x, [x.shape[0], h / a, w / b, a, b, ...rest]);
  return reshape(swapMiddle(cut), x.shape);
}

/** {@linkcode toBlocks} of a list, one entry a token. */
export function listInBlocks<T>(
  rowByRow: readonly T[],
  { grid: [, w], block: [a, b] }: Blocks,
): T[] {
  return rowByRow.map((_, i) => {
    const [number, within] = [Math.floor(i / (a * b)), i % (a * b)];
    const perRow = w / b;
    const row = Math.floor(number / perRow) * a + Math.floor(within / b);
    return rowByRow[row * w + (number % perRow) * b + within % b];
  });
}

/** Exchanges axes 2 and 3. */
function swapMiddle(x: Node): Node {
  const rest = x.shape.map((_, axis) => axis).slice(4);
  return transpose(x, [0, 1, 3, 2, ...rest]);
}

/**
 * Multi-axis attention over tokens in block order, [B,N,D] each.
 * @param heads an even number that divides D
 * @param turn tells queries and keys, in block order, where they are
 */
export function multiAxisMix(
  heads: number,
  { grid, block }: Blocks,
  turn: Turn = (x) => x,
): Mix {
  const size = block[0] * block[1];
  const count = grid[0] * grid[1] / size;
  return (q, k, v) => {
    const [batch, length, width] = q.shape;
    const each = (width as number) / heads;
    const [a, b, c] = [q, k, v].map((x) =>
      reshape(x, [batch, length, heads, each])
    ); // [B,N,heads,d]
    const split = [turn(a), turn(b), c].map((x) =>
      reshape(x, [batch, count, size, heads, each])
    ); // [B,blocks,size,heads,d]
    const half = heads / 2;
    const local = split.map((x) =>
      transpose(slice(x, 3, 0, half), [0, 3, 1, 2, 4])
    ); // [B,heads/2,blocks,size,d]
    const global = split.map((x) =>
      transpose(slice(x, 3, half, heads), [0, 3, 2, 1, 4])
    ); // [B,heads/2,size,blocks,d]
    const read = concat([
      transpose(attend(local[0], local[1], local[2]), [0, 2, 3, 1, 4]),
      transpose(attend(global[0], global[1], global[2]), [0, 3, 2, 1, 4]),
    ], 3); // [B,blocks,size,heads,d]
    return reshape(read, [batch, length, width]);
  };
}
