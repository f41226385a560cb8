/**
 * Gradients of the convolutions and of means of windows, in the forms that measured fastest: with
 * respect to the picture, a convolution with the flipped kernel (or a
 * transposed one where the stride is above 1); with respect to the kernel,
 * one matrix product for each position of the kernel over shifted views.
 */

import type { Node } from "./node.ts";
import type { Convolution, OpOf } from "./op.ts";
import {
  concat,
  constant,
  conv,
  convTranspose,
  div,
  matmul,
  pad,
  reshape,
  reverse,
  slice,
  sum,
  transpose,
} from "./ops.ts";

export function convGradients(
  node: Node<"conv">,
  dy: Node,
): readonly Node[] {
  const [x, kernel] = node.inputs;
  return [
    pictureGradient(x, kernel, node.op, dy),
    kernelGradient(x, dy, kernel, node.op),
    sum(dy, [0, 2, 3]),
  ];
}

export function convTransposeGradients(
  node: Node<"convTranspose">,
  dy: Node,
): readonly Node[] {
  const [x, kernel] = node.inputs;
  const { stride, padding, groups } = node.op;
  return [
    conv(dy, kernel, undefined, { stride, padding, groups }),
    kernelGradient(dy, x, kernel, node.op),
    sum(dy, [0, 2, 3]),
  ];
}

/** A window's mean as a convolution of each channel, but for its divisor. */
export function averagePoolGradient(
  node: Node<"averagePool">,
  dy: Node,
): Node {
  const [x] = node.inputs;
  const { window, ...rest } = node.op;
  const groups = x.shape[1] as number;
  const kernel = constant(
    new Float32Array(groups * window[0] * window[1]).fill(1),
    [groups, 1, ...window],
  );
  const op: Convolution = { ...rest, groups };
  return pictureGradient(x, kernel, op, div(dy, placesInside(node)));
}

/** How many places of each window lie within the picture: [h,w]. */
function placesInside({ op, inputs: [x], shape }: Node<"averagePool">): Node {
  const [rows, columns] = [0, 1].map((axis) => {
    const size = x.shape[axis + 2] as number;
    return Array.from({ length: shape[axis + 2] as number }, (_, i) => {
      const start = i * op.stride[axis] - op.padding[axis];
      return Math.min(start + op.window[axis], size) - Math.max(start, 0);
    });
  });
  const counts = rows.flatMap((row) => columns.map((column) => row * column));
  return constant(Float32Array.from(counts), [rows.length, columns.length]);
}

function pictureGradient(
  x: Node,
  kernel: Node,
  { stride, padding, groups }: Convolution,
  dy: Node,
): Node {
  const [height, width] = kernel.shape.slice(2) as number[];
  const [top, left, bottom, right] = padding;
  const inverse = [
    height - 1 - top,
    width - 1 - left,
    height - 1 - bottom,
    width - 1 - right,
  ] as const;
  const unit = stride[0] === 1 && stride[1] === 1;
  if (unit && inverse.every((p) => p >= 0)) {
    return conv(dy, flipKernel(kernel, groups), undefined, {
      padding: inverse,
      groups,
    });
  }
  // Rows and columns the stride never reached get outputPadding.
  const missing = [0, 1].map((i) => {
    const size = x.shape[i + 2] as number;
    const window = kernel.shape[i + 2] as number;
    const steps = (dy.shape[i + 2] as number) - 1;
    return size -
      (steps * stride[i] + window - padding[i] - padding[i + 2]);
  });
  return convTranspose(dy, kernel, undefined, {
    stride,
    padding,
    groups,
    outputPadding: [missing[0], missing[1]],
  });
}

/** Kernel [O, C/g, h, w] -> [C, O/g, h, w], turned by 180 degrees. */
function flipKernel(kernel: Node, groups: number): Node {
  const [outputs, inputs, height, width] = kernel.shape as number[];
  const places = height * width;
  // Both axes as one: half the time of a reversal along each.
  const flat = reshape(kernel, [outputs, inputs, places]);
  const turned = places === 1 ? flat : reverse(flat, [2]);
  const perGroup = [groups, outputs / groups, inputs, places];
  const swapped = transpose(reshape(turned, perGroup), [0, 2, 1, 3]);
  return reshape(swapped, [
    groups * inputs,
    outputs / groups,
    height,
    width,
  ]);
}

/**
 * Gradient of a kernel [O, C/g, h, w] that maps pictures with C channels to
 * pictures with O: for each place in the kernel, sum over the batch and all
 * positions of (dy [O, positions]) x (shifted, strided x [C, positions]).
 */
function kernelGradient(
  x: Node,
  dy: Node,
  kernel: Node,
  op: OpOf<"conv"> | OpOf<"convTranspose">,
): Node {
  const [outputs, inputs, height, width] = kernel.shape as number[];
  const [rows, columns] = dy.shape.slice(2) as number[];
  const [top, left, bottom, right] = op.padding;
  const { groups, stride } = op;
  const padded = op.padding.some((p) => p > 0)
    ? pad(x, [0, 0, top, left], [0, 0, bottom, right])
    : x;
  const batch = x.shape[0];
  const up = reshape(dy, [batch, groups, outputs / groups, rows * columns]);
  const places: Node[] = [];
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      const lastRow = i + (rows - 1) * stride[0] + 1;
      const lastColumn = j + (columns - 1) * stride[1] + 1;
      // Columns first: equal for all rows, and what is left is contiguous.
      const columnsView = slice(padded, 3, j, lastColumn, stride[1]);
      const view = slice(columnsView, 2, i, lastRow, stride[0]);
      const flat = reshape(view, [batch, groups, inputs, rows * columns]);
      const product = matmul(up, flat, { transposeB: true }); // [B,g,O/g,C/g]
      places.push(reshape(sum(product, [0]), [outputs, inputs, 1]));
    }
  }
  // Side by side: to stack and transpose them takes five times as long.
  return reshape(concat(places, 2), [outputs, inputs, height, width]);
}
