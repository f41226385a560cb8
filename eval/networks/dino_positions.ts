/** Positions learned on one grid of patches, for another. */

import type { Node } from "../../lib/graph/node.ts";
import * as ops from "../../lib/graph/ops.ts";

/**
 * Whose way to stretch positions. DINOv2's own code, which FD-DINOv2 is defined
 * by, tells PyTorch a scale that is a tenth of a patch too large; transformers
 * tells it the size. Features of published weights differ by it.
 */
export type DinoPositions = "original" | "transformers";

const EXTRA: Readonly<Record<DinoPositions, number>> = {
  original: 0.1,
  transformers: 0,
};

/**
 * Positions [g*g,D] of a square grid as [s*s,D], as PyTorch's bicubic
 * `interpolate` without antialiasing; themselves if the grid is the same.
 */
export function stretchPositions(
  positions: Node,
  to: number,
  by: DinoPositions,
): Node {
  const [count, width] = positions.shape as number[];
  const from = Math.sqrt(count);
  if (from === to) return positions;
  const weights = bicubicWeights(from, to, (to + EXTRA[by]) / from);
  const matrix = ops.constant(weights, [to, from]);
  const rows = ops.matmul(
    matrix,
    ops.reshape(positions, [from, from * width]),
  ); // [s,g*D]
  const columns = ops.matmul(
    matrix,
    ops.reshape(rows, [to, from, width]),
  ); // [s,s,D]
  return ops.reshape(columns, [to * to, width]);
}

/**
 * Weights [to,from] of the cubic convolution with a = -0.75 (ATen's
 * UpSample.h); what lies outside is taken from the edge.
 */
export function bicubicWeights(
  from: number,
  to: number,
  scale: number,
): Float32Array {
  const weights = new Float32Array(to * from);
  for (let i = 0; i < to; i++) {
    const at = (i + 0.5) / scale - 0.5;
    const low = Math.floor(at);
    for (let tap = low - 1; tap <= low + 2; tap++) {
      const place = Math.min(Math.max(tap, 0), from - 1);
      weights[i * from + place] += cubic(Math.abs(at - tap));
    }
  }
  return weights;
}

function cubic(distance: number): number {
  const a = -0.75;
  return distance <= 1
    ? ((a + 2) * distance - (a + 3)) * distance ** 2 + 1
    : ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a;
}
