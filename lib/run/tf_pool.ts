/** Windows over pictures [B,C,H,W] in TensorFlow.js, which has them last. */

import type { OpOf } from "../graph/op.ts";
import { tf } from "./tf.ts";

/** The largest value of each window. */
export function tfMaxPool(op: OpOf<"maxPool">, [x]: tf.Tensor[]): tf.Tensor {
  const padded = padLast(op, toLast(x), -Infinity);
  return toFirst(tf.maxPool(padded, [...op.window], [...op.stride], "valid"));
}

/** The mean of each window's places within the picture. */
export function tfAveragePool(
  op: OpOf<"averagePool">,
  [x]: tf.Tensor[],
): tf.Tensor {
  const [, , height, width] = x.shape;
  // The library counts what the padding adds: so it does in a picture of ones.
  const [mean, inside] = [toLast(x), tf.ones([1, height, width, 1])].map(
    (picture) =>
      tf.avgPool(
        padLast(op, picture as tf.Tensor4D, 0),
        [...op.window],
        [...op.stride],
        "valid",
      ),
  );
  return toFirst(tf.div(mean, inside));
}

function padLast(
  { padding: [top, left, bottom, right] }: OpOf<"maxPool" | "averagePool">,
  x: tf.Tensor4D,
  value: number,
): tf.Tensor4D {
  const sides: [number, number][] = [[0, 0], [top, bottom], [left, right], [
    0,
    0,
  ]];
  return tf.pad(x, sides, value);
}

function toLast(x: tf.Tensor): tf.Tensor4D {
  return tf.transpose(x as tf.Tensor4D, [0, 2, 3, 1]); // [B,H,W,C]
}

function toFirst(x: tf.Tensor): tf.Tensor {
  return tf.transpose(x, [0, 3, 1, 2]); // [B,C,H,W]
}
