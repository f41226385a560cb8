/** Graphs around convolutions and windows; see op_cases.ts. */

import { B } from "../graph/dim.ts";
import type { Node } from "../graph/node.ts";
import * as g from "../graph/ops.ts";
import { distinct, type OpCase, real } from "./op_leaves.ts";

type TransposeOptions = NonNullable<Parameters<typeof g.convTranspose>[3]>;

/** Picture [C,H,W] without the batch, and a whole kernel. */
function conv(
  picture: number[],
  kernel: number[],
  options: g.ConvOptions = {},
): OpCase {
  return {
    build: (x, k, bias) => g.conv(x, k, bias, options),
    leaves: [real(B, ...picture), real(...kernel), real(kernel[0])],
  };
}

function convTranspose(
  picture: number[],
  kernel: number[],
  options: TransposeOptions = {},
): OpCase {
  const outputs = kernel[1] * (options.groups ?? 1);
  return {
    build: (x, k, bias) => g.convTranspose(x, k, bias, options),
    leaves: [real(B, ...picture), real(...kernel), real(outputs)],
  };
}

export const convCases: readonly OpCase[] = [
  conv([2, 3, 4], [3, 2, 1, 1]),
  conv([2, 4, 4], [2, 2, 3, 3], { padding: 1 }),
  conv([1, 4, 5], [2, 1, 3, 2], { padding: [0, 1, 2, 0] }),
  conv([2, 5, 4], [1, 2, 2, 2], { stride: 2 }), // a row is never reached
  conv([1, 5, 6], [2, 1, 3, 3], { stride: [2, 3], padding: 1 }),
  conv([1, 2, 2], [1, 1, 2, 2], { padding: 3 }), // wider than the kernel
  conv([4, 3, 3], [2, 2, 2, 2], { groups: 2 }),
  conv([4, 4, 3], [4, 2, 3, 3], { groups: 2, stride: 2, padding: 1 }),
  conv([3, 4, 4], [3, 1, 3, 3], { groups: 3, padding: 1 }), // depthwise
  conv([2, 4, 3], [4, 1, 2, 2], { groups: 2, stride: 2 }),
  conv([2, 4, 4], [2, 1, 2, 2], { groups: 2, stride: [1, 2] }),
  {
    build: (x, kernel) => g.conv(x, kernel),
    leaves: [real(B, 2, 3, 3), real(3, 2, 2, 2)],
  },
  {
    build: (x) => g.conv(x, x), // one value as picture and as kernel
    leaves: [real(2, 2, 3, 3)],
  },
];

export const convTransposeCases: readonly OpCase[] = [
  convTranspose([2, 3, 2], [2, 3, 1, 1]),
  convTranspose([2, 2, 3], [2, 2, 3, 3], { padding: 1 }),
  convTranspose([1, 2, 3], [1, 2, 4, 4], { stride: 2, padding: 1 }),
  convTranspose([2, 2, 2], [2, 1, 2, 3], { stride: [1, 2] }),
  convTranspose([1, 3, 3], [1, 2, 3, 3], { stride: 2, padding: [0, 1, 2, 0] }),
  convTranspose([1, 2, 2], [1, 1, 3, 3], {
    stride: 2,
    padding: 1,
    outputPadding: [1, 0],
  }),
  convTranspose([1, 2, 2], [1, 1, 1, 2], { stride: 3, outputPadding: [2, 1] }),
  convTranspose([4, 2, 2], [4, 1, 2, 2], { groups: 2, stride: 2 }),
  convTranspose([4, 2, 2], [4, 2, 3, 3], { groups: 2, padding: [1, 0, 0, 1] }),
  convTranspose([3, 2, 3], [3, 1, 2, 2], { groups: 3 }),
  {
    build: (x, kernel) => g.convTranspose(x, kernel),
    leaves: [real(B, 2, 2, 2), real(2, 1, 2, 2)],
  },
];

/** Values below zero too, so that a window that saw padding would tell. */
export function pools(f: g.Pool): OpCase[] {
  const pool = (picture: number[], size: number, options?: g.PoolOptions) => ({
    build: (x: Node) => f(x, size, options),
    leaves: [distinct(B, ...picture)],
  });
  return [
    pool([2, 3, 4], 1),
    pool([2, 4, 3], 2),
    pool([3, 4, 5], 3, { padding: 1 }),
    pool([1, 5, 6], 3, { stride: 2 }), // a column is never reached
    pool([2, 4, 4], 3, { stride: 2, padding: [0, 1, 2, 0] }),
    pool([1, 4, 7], 2, { stride: 3, padding: [1, 0, 0, 1] }),
    pool([1, 1, 1], 3, { padding: 1 }),
    {
      build: (x) => g.add(f(x, 2, { padding: [1, 0, 0, 1] }), x),
      leaves: [distinct(2, 1, 3, 3)],
    },
  ];
}
