/**
 * Convolutions over [B,C,H,W] in TensorFlow.js, whose own take [B,H,W,C], know
 * no groups, and pad a transposed convolution on opposite sides alike.
 */

import type { OpOf } from "../graph/op.ts";
import { tf } from "./tf.ts";

/** The form of a convolution: x, kernel [O,C/groups,h,w], bias [O]. */
export function tfConv(op: OpOf<"conv">, inputs: tf.Tensor[]): tf.Tensor {
  const [x, kernel, bias] = inputs as [tf.Tensor4D, tf.Tensor4D, tf.Tensor1D];
  const [top, left, bottom, right] = op.padding;
  const padded = tf.pad(
    toChannelsLast(x),
    [[0, 0], [top, bottom], [left, right], [0, 0]],
  );
  const stride: [number, number] = [...op.stride];
  // The library's depthwise convolution has one stride for both axes.
  const depthwise = op.groups === x.shape[1] && stride[0] === stride[1];
  const y = depthwise
    ? tf.depthwiseConv2d(
      padded,
      depthwiseFilter(kernel, op.groups),
      stride,
      "valid",
    )
    : perGroup(
      padded,
      kernel,
      op.groups,
      (part, filter) => tf.conv2d(part, filter, stride, "valid"),
    );
  return toChannelsFirst(tf.add(y, bias));
}

/** The form of its transpose: x, kernel [C,O/groups,h,w], bias [O]. */
export function tfConvTranspose(
  op: OpOf<"convTranspose">,
  inputs: tf.Tensor[],
  shape: readonly number[],
): tf.Tensor {
  const [x, kernel, bias] = inputs as [tf.Tensor4D, tf.Tensor4D, tf.Tensor1D];
  const [batch, , height, width] = x.shape;
  const [, outputs, h, w] = kernel.shape;
  const stride: [number, number] = [...op.stride];
  const full: [number, number, number, number] = [
    batch,
    (height - 1) * stride[0] + h,
    (width - 1) * stride[1] + w,
    outputs,
  ];
  const y = perGroup(
    toChannelsLast(x),
    kernel,
    op.groups,
    (part, filter) => tf.conv2dTranspose(part, filter, full, stride, "valid"),
  );
  const [top, left] = op.padding;
  const [extraH, extraW] = op.outputPadding;
  const extended = tf.pad(y, [[0, 0], [0, extraH], [0, extraW], [0, 0]]);
  const cropped = tf.slice(
    extended,
    [0, top, left, 0],
    [-1, shape[2], shape[3], -1],
  );
  return toChannelsFirst(tf.add(cropped, bias));
}

/** Applies a convolution to each group's channels and filters [h,w,.,.]. */
function perGroup(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  groups: number,
  apply: (part: tf.Tensor4D, filter: tf.Tensor4D) => tf.Tensor4D,
): tf.Tensor4D {
  const filters = tf.transpose(kernel, [2, 3, 1, 0]);
  if (groups === 1) return apply(x, filters);
  const parts = tf.split<tf.Tensor4D>(x, groups, 3);
  const results = tf.split<tf.Tensor4D>(filters, groups, 3)
    .map((filter, group) => apply(parts[group], filter));
  return tf.concat(results, 3);
}

/** The kernel [O,1,h,w] as [h,w,C,O/C]. */
function depthwiseFilter(kernel: tf.Tensor4D, channels: number): tf.Tensor4D {
  const [outputs, , h, w] = kernel.shape;
  const grouped = tf.reshape(kernel, [channels, outputs / channels, h, w]);
  return tf.transpose(grouped as tf.Tensor4D, [2, 3, 0, 1]);
}

function toChannelsLast(x: tf.Tensor4D): tf.Tensor4D {
  return tf.transpose(x, [0, 2, 3, 1]); // [B,H,W,C]
}

function toChannelsFirst(x: tf.Tensor): tf.Tensor {
  return tf.transpose(x, [0, 3, 1, 2]); // [B,C,H,W]
}
