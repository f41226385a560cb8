/** Shape rule of windows over pictures. */

import { isBatch, isDim } from "./dim.ts";
import { expectInputs, float, misfit, type ShapeRule } from "./shape_check.ts";

export const pool: ShapeRule<"maxPool" | "averagePool"> = (op, inputs) => {
  expectInputs(op, inputs, float(1));
  const [batch, ...rest] = inputs[0].shape;
  if (rest.length !== 3 || rest.some(isBatch)) {
    throw misfit(op, inputs, "x [B,C,H,W], the batch in the first axis only");
  }
  const { window, stride, padding } = op;
  const fits = [...window, ...stride].every((n) => isDim(n)) &&
    padding.every((n, i) => Number.isInteger(n) && n >= 0 && n < window[i % 2]);
  if (!fits) {
    throw misfit(
      op,
      inputs,
      `windows and strides from 1 and padding from 0 and below the window, ` +
        `not [${window}], [${stride}], [${padding}]`,
    );
  }
  const [channels, ...size] = rest as number[];
  const out = size.map((dim, i) => {
    const padded = dim + padding[i] + padding[i + 2];
    return Math.floor((padded - window[i]) / stride[i]) + 1;
  });
  if (out.some((dim) => dim < 1)) {
    throw misfit(op, inputs, "a padded picture no smaller than the window");
  }
  return { shape: [batch, channels, ...out], dtype: "float32" };
};
