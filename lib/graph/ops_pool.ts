/** Builders of what takes windows of pictures together. */

import { makeNode, type Node } from "./node.ts";
import type { Padding } from "./op.ts";

/** How a window moves; a single number serves both axes or all sides. */
export interface PoolOptions {
  /** 1 by default. */
  readonly stride?: number;
  /** 0 by default; what it adds is left out of every window. */
  readonly padding?: number | Padding;
}

/** Takes windows of size x size of x [B,C,H,W] together. */
export type Pool = (x: Node, size: number, options?: PoolOptions) => Node;

function pool(kind: "maxPool" | "averagePool"): Pool {
  return (x, size, { stride = 1, padding = 0 } = {}) =>
    makeNode({
      kind,
      window: [size, size],
      stride: [stride, stride],
      padding: typeof padding === "number"
        ? [padding, padding, padding, padding]
        : padding,
    }, [x]);
}

/** The largest value of each window. */
export const maxPool: Pool = pool("maxPool");
/** The mean of each window's places within the picture. */
export const averagePool: Pool = pool("averagePool");
