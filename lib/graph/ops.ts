/** Functions that build graphs: one for each operation, and short forms. */

import {
  type Dim,
  isBatch,
  isDim,
  printShape,
  sameShape,
  type Shape,
} from "./dim.ts";
import { makeNode, type Node } from "./node.ts";
import type { Padding } from "./op.ts";
import { constant } from "./ops_plain.ts";
import { solveDim } from "./shape_places.ts";

export * from "./ops_plain.ts";
export * from "./ops_pool.ts";

/** Builds a reduction over axes, which it keeps with length 1 if asked to. */
export type Reduce = (
  x: Node,
  axes?: readonly number[],
  keepDims?: boolean,
) => Node;

/** Axes as the operations want them: counted from the left. */
function fromLeft(x: Node, axes: readonly number[]): number[] {
  return axes.map((axis) => axis < 0 ? axis + x.shape.length : axis);
}

/** The same in ascending order, or all. */
function normalizeAxes(x: Node, axes: readonly number[] | undefined): number[] {
  if (axes === undefined) return x.shape.map((_, axis) => axis);
  return fromLeft(x, axes).sort((a, b) => a - b);
}

function reduction(kind: "sum" | "mean" | "max"): Reduce {
  return (x, axes, keepDims = false) =>
    makeNode({ kind, axes: normalizeAxes(x, axes), keepDims }, [x]);
}

/**
 * Sums over the named axes; all of them by default. Here and below, negative
 * axes count from the right.
 */
export const sum: Reduce = reduction("sum");
/** Means over the named axes; all of them by default. */
export const mean: Reduce = reduction("mean");
/** Maxima over the named axes; all of them by default. */
export const max: Reduce = reduction("max");

/** Index of the first largest value along an axis, which is dropped. */
export function argMax(x: Node, axis = -1): Node {
  return makeNode({ kind: "argMax", axis: normalizeAxes(x, [axis])[0] }, [x]);
}

/** Sums of the values up to each along an axis, or from each on. */
export function cumsum(x: Node, axis = -1, reverse = false): Node {
  const [a] = normalizeAxes(x, [axis]);
  return makeNode({ kind: "cumsum", axis: a, reverse }, [x]);
}

/** Normalized over the last axis, scaled and shifted. */
export function layerNorm(
  x: Node,
  scale: Node,
  bias: Node,
  epsilon: number,
): Node {
  return makeNode({ kind: "layerNorm", epsilon }, [x, scale, bias]);
}

/** Divided by the root mean square over the last axis, then scaled. */
export function rmsNorm(x: Node, scale: Node, epsilon: number): Node {
  return makeNode({ kind: "rmsNorm", epsilon }, [x, scale]);
}

/** x [B,C,H,W] normalized over each group of channels, scaled and shifted. */
export function groupNorm(
  x: Node,
  scale: Node,
  bias: Node,
  groups: number,
  epsilon: number,
): Node {
  return makeNode({ kind: "groupNorm", groups, epsilon }, [x, scale, bias]);
}

/** The matrix product, batched over leading axes, which broadcast. */
export function matmul(
  a: Node,
  b: Node,
  options: { transposeA?: boolean; transposeB?: boolean } = {},
): Node {
  const { transposeA = false, transposeB = false } = options;
  return makeNode({ kind: "matmul", transposeA, transposeB }, [a, b]);
}

/** Options of a convolution; a single number serves both axes or all sides. */
export interface ConvOptions {
  /** 1 by default. */
  readonly stride?: number | readonly [number, number];
  /** 0 by default. */
  readonly padding?: number | Padding;
  /** 1 by default. */
  readonly groups?: number;
}

function convAttributes(options: ConvOptions) {
  const { stride = 1, padding = 0, groups = 1 } = options;
  return {
    stride: typeof stride === "number" ? [stride, stride] as const : stride,
    padding: typeof padding === "number"
      ? [padding, padding, padding, padding] as const
      : padding,
    groups,
  };
}

/** Zeros, one a channel; a kernel without channels is the rule's to refuse. */
function noBias(channels: Dim): Node {
  const fits = isDim(channels) && !isBatch(channels);
  return constant(new Float32Array(fits ? channels : 1));
}

/** x [B,C,H,W] convolved with a kernel [O, C/groups, h, w]; bias [O]. */
export function conv(
  x: Node,
  kernel: Node,
  bias?: Node,
  options: ConvOptions = {},
): Node {
  const op = { kind: "conv", ...convAttributes(options) } as const;
  return makeNode(op, [x, kernel, bias ?? noBias(kernel.shape[0])]);
}

/** The transposed convolution: x [B,C,H,W], kernel [C, O/groups, h, w]. */
export function convTranspose(
  x: Node,
  kernel: Node,
  bias?: Node,
  options: ConvOptions & { outputPadding?: readonly [number, number] } = {},
): Node {
  const { outputPadding = [0, 0], ...rest } = options;
  const attributes = convAttributes(rest);
  const op = { kind: "convTranspose", ...attributes, outputPadding } as const;
  const channels = (kernel.shape[1] as number) * attributes.groups;
  return makeNode(op, [x, kernel, bias ?? noBias(channels)]);
}

/** Rows of a table [R, ...] by indices of any shape, from 0 to R - 1. */
export function gather(table: Node, indices: Node): Node {
  return makeNode({ kind: "gather" }, [table, indices]);
}

/**
 * Sums of the rows of x [n, ...] that have the same id, by ids [n] from 0 to
 * segments - 1: [segments, ...].
 */
export function segmentSum(x: Node, ids: Node, segments: number): Node {
  return makeNode({ kind: "segmentSum", segments }, [x, ids]);
}

/** Reshapes; one dimension may be -1 and is worked out. */
export function reshape(x: Node, shape: Shape): Node {
  let target = shape;
  if (shape.includes(-1)) {
    const known = shape.toSpliced(shape.indexOf(-1), 1);
    const missing = solveDim(x.shape, known);
    if (missing !== undefined) {
      target = shape.map((dim) => dim === -1 ? missing : dim);
    }
  }
  return sameShape(target, x.shape)
    ? x
    : makeNode({ kind: "reshape", shape: target }, [x]);
}

/** The axes in another order. */
export function transpose(x: Node, permutation: readonly number[]): Node {
  const axes = fromLeft(x, permutation);
  return makeNode({ kind: "transpose", permutation: axes }, [x]);
}

/** The parts behind each other along an axis. */
export function concat(parts: readonly Node[], axis: number): Node {
  if (parts.length === 0) throw new RangeError("Cannot apply concat to ()");
  if (parts.length === 1) return parts[0];
  const [a] = normalizeAxes(parts[0], [axis]);
  return makeNode({ kind: "concat", axis: a }, parts);
}

/** A range along one axis. */
export function slice(
  x: Node,
  axis: number,
  start: number,
  end: number,
  step = 1,
): Node {
  const [a] = normalizeAxes(x, [axis]);
  if (start === 0 && end === x.shape[a] && step === 1) return x;
  if (!(a in x.shape)) {
    throw new RangeError(
      `Cannot apply slice to ${printShape(x.shape)}: it has no axis ${axis}`,
    );
  }
  const on = <T>(value: T, other: (dim: Dim) => T) =>
    x.shape.map((dim, i) => i === a ? value : other(dim));
  return makeNode({
    kind: "slice",
    starts: on(start, () => 0),
    ends: on(end, (dim) => isBatch(dim) ? Infinity : dim),
    steps: on(step, () => 1),
  }, [x]);
}

/** Equal parts along one axis, which is not the batch. */
export function split(x: Node, parts: number, axis: number): Node[] {
  const [a] = normalizeAxes(x, [axis]);
  const size = (x.shape[a] as number) / parts;
  if (!(Number.isInteger(parts) && isDim(size))) {
    throw new RangeError(
      `Cannot split ${printShape(x.shape)} into ${parts} parts along axis ` +
        `${axis}: wanted an axis of fixed length, and parts that divide it`,
    );
  }
  return Array.from(
    { length: parts },
    (_, i) => slice(x, a, i * size, (i + 1) * size),
  );
}

/** Zeros before and after every axis. */
export function pad(
  x: Node,
  before: readonly number[],
  after: readonly number[],
): Node {
  return makeNode({ kind: "pad", before, after }, [x]);
}

/** Broadcast to a shape. */
export function expand(x: Node, shape: Shape): Node {
  return sameShape(x.shape, shape)
    ? x
    : makeNode({ kind: "expand", shape }, [x]);
}

/** The values along the named axes in reverse order. */
export function reverse(x: Node, axes: readonly number[]): Node {
  return makeNode({ kind: "reverse", axes: normalizeAxes(x, axes) }, [x]);
}

/** Every pixel of [B,C,H,W] as a block of scale x scale pixels. */
export function resizeNearest(x: Node, scale: number): Node {
  return makeNode({ kind: "resizeNearest", scale }, [x]);
}
