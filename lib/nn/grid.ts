/** Learned positions on a grid of tokens. */

import type { Node } from "../graph/node.ts";
import { add, parameter, reshape } from "../graph/ops.ts";

/** Positions [h*w,D]: a row's and a column's, summed. */
export function gridPositions(
  [height, width]: readonly [number, number],
  size: number,
): Node {
  const rows = parameter("row_embedding.weight", [height, size]);
  const columns = parameter("column_embedding.weight", [width, size]);
  const grid = add(
    reshape(rows, [height, 1, size]),
    reshape(columns, [1, width, size]),
  ); // [h,w,D]
  return reshape(grid, [height * width, size]);
}
