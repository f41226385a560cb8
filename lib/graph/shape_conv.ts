/** Shape rules of the convolutions. */

import { isBatch, type Shape } from "./dim.ts";
import type { OpOf } from "./op.ts";
import {
  expectInputs,
  float,
  type Inputs,
  misfit,
  type ShapeRule,
} from "./shape_check.ts";

function spatial(
  op: OpOf<"conv"> | OpOf<"convTranspose">,
  inputs: Inputs,
): { picture: Shape; kernel: readonly number[] } {
  expectInputs(op, inputs, float(3));
  const [x, kernel, bias] = inputs.map((node) => node.shape);
  if (x.length !== 4 || kernel.length !== 4 || bias.length !== 1) {
    throw misfit(op, inputs, "x [B,C,H,W], kernel [.,.,h,w], bias [O]");
  }
  if ([...x.slice(1), ...kernel].some(isBatch)) {
    throw misfit(op, inputs, "the symbolic batch in the first axis only");
  }
  if (!atLeast(1, [...op.stride, op.groups]) || !atLeast(0, op.padding)) {
    throw misfit(
      op,
      inputs,
      `strides and groups from 1 and padding from 0, ` +
        `not [${op.stride}], ${op.groups}, [${op.padding}]`,
    );
  }
  return { picture: x, kernel: kernel as number[] };
}

function atLeast(low: number, numbers: readonly number[]): boolean {
  return numbers.every((n) => Number.isInteger(n) && n >= low);
}

export const conv: ShapeRule<"conv"> = (op, inputs) => {
  const { picture, kernel } = spatial(op, inputs);
  const [batch, channels, ...size] = picture;
  const [outputs, perGroup, ...window] = kernel;
  if (
    perGroup * op.groups !== channels || outputs % op.groups !== 0 ||
    inputs[2].shape[0] !== outputs
  ) {
    throw misfit(
      op,
      inputs,
      `kernel [O,${channels}/${op.groups},h,w] and bias [O]`,
    );
  }
  const out = size.map((dim, i) => {
    const padded = (dim as number) + op.padding[i] + op.padding[i + 2];
    return Math.floor((padded - window[i]) / op.stride[i]) + 1;
  });
  if (out.some((dim) => dim < 1)) {
    throw misfit(op, inputs, "a padded picture no smaller than the kernel");
  }
  return { shape: [batch, outputs, ...out], dtype: "float32" };
};

export const convTranspose: ShapeRule<"convTranspose"> = (op, inputs) => {
  const { picture, kernel } = spatial(op, inputs);
  const [batch, channels, ...size] = picture;
  const [fromChannels, perGroup, ...window] = kernel;
  const outputs = perGroup * op.groups;
  if (
    fromChannels !== channels || fromChannels % op.groups !== 0 ||
    inputs[2].shape[0] !== outputs
  ) {
    throw misfit(op, inputs, `kernel [${channels},O/groups,h,w] and bias [O]`);
  }
  const extra = op.outputPadding;
  if (!atLeast(0, extra) || extra.some((n, i) => n >= op.stride[i])) {
    throw misfit(
      op,
      inputs,
      `a whole outputPadding below the stride [${op.stride}], not [${extra}]`,
    );
  }
  const out = size.map((dim, i) =>
    ((dim as number) - 1) * op.stride[i] + window[i] -
    op.padding[i] - op.padding[i + 2] + extra[i]
  );
  if (out.some((dim) => dim < 1)) {
    throw misfit(op, inputs, `less padding than [${op.padding}]`);
  }
  return { shape: [batch, outputs, ...out], dtype: "float32" };
};
