/**
 * The closed list of operations. Every table of the core (shape rule,
 * gradient, ONNX form, TensorFlow.js form) has one row for each entry, and
 * does not compile when a row is missing.
 *
 * Binary operations broadcast as NumPy does: shapes are aligned at the right
 * and a dimension of 1 stretches.
 *
 * Two things are not promised, since the engines differ in them: what gather
 * makes of an index outside its table (one engine counts a negative one from
 * the end, the other refuses it), and what max, argMax, maximum and minimum
 * make of NaN.
 */

import type { Shape } from "./dim.ts";

/** Element types, named as TensorFlow.js names them. */
export type DType = "float32" | "int32" | "bool";

/** Values of a constant; a bool is stored as 0 or 1. */
export type Values = Float32Array | Int32Array | Uint8Array;

/** Nothing to know besides the inputs. */
export type None = Record<never, never>;

/** Pixels added around a picture: top, left, bottom, right. */
export type Padding = readonly [number, number, number, number];

/** Attributes of reductions; axes are non-negative and ascending. */
export type Reduction = {
  readonly axes: readonly number[];
  readonly keepDims: boolean;
};

/** Attributes of a strided, grouped 2-D convolution over [B,C,H,W]. */
export type Convolution = {
  readonly stride: readonly [number, number];
  readonly padding: Padding;
  readonly groups: number;
};

/** Attributes of a window that moves over [B,C,H,W]. */
export type Pooling = {
  readonly window: readonly [number, number];
  readonly stride: readonly [number, number];
  /** Below the window at every side. */
  readonly padding: Padding;
};

/** What each operation carries besides its inputs. */
export type Attributes = {
  // Leaves.
  input: { readonly name: string };
  parameter: { readonly name: string };
  constant: { readonly values: Values };

  // Float to float, element by element.
  neg: None;
  exp: None;
  log: None;
  sqrt: None;
  abs: None;
  sin: None;
  cos: None;
  tanh: None;
  sigmoid: None;
  erf: None;
  relu: None;
  /** x * sigmoid(x). */
  silu: None;
  /** The exact form, x/2 * (1 + erf(x / sqrt 2)). */
  gelu: None;

  // Two operands, broadcast.
  add: None;
  sub: None;
  mul: None;
  div: None;
  maximum: None;
  minimum: None;
  equal: None;
  less: None;
  greater: None;
  or: None;

  // Choice and type.
  not: None;
  /** condition, ifTrue, ifFalse. */
  select: None;
  cast: { readonly to: DType };
  /** Identity with a gradient of zero. */
  stopGradient: None;

  // Reductions and scans.
  sum: Reduction;
  mean: Reduction;
  max: Reduction;
  /** Index of the first largest value along one axis, which is dropped. */
  argMax: { readonly axis: number };
  cumsum: { readonly axis: number; readonly reverse: boolean };

  // Along the last axis.
  softmax: None;
  logSoftmax: None;

  // x, scale, bias; over the last axis.
  layerNorm: { readonly epsilon: number };
  /** x, scale; over the last axis. */
  rmsNorm: { readonly epsilon: number };
  /** x [B,C,H,W], scale [C], bias [C]. */
  groupNorm: { readonly groups: number; readonly epsilon: number };

  // Linear maps.
  /** Batched over leading axes, which broadcast. */
  matmul: { readonly transposeA: boolean; readonly transposeB: boolean };
  /** x [B,C,H,W], kernel [O, C/groups, h, w], bias [O]. */
  conv: Convolution;
  /** x [B,C,H,W], kernel [C, O/groups, h, w], bias [O]. */
  convTranspose: Convolution & {
    readonly outputPadding: readonly [number, number];
  };

  // Windows of [B,C,H,W]; what lies outside the picture has no part in them.
  maxPool: Pooling;
  averagePool: Pooling;

  // Places.
  /** table [R, ...], indices of any shape, 0 to R - 1: rows of the table. */
  gather: None;
  /**
   * x [n, ...] and ids [n], 0 to segments - 1: the sums of x with the same id,
   * [segments, ...].
   */
  segmentSum: { readonly segments: number };
  reshape: { readonly shape: Shape };
  transpose: { readonly permutation: readonly number[] };
  concat: { readonly axis: number };
  /** One start, end and step for every axis; steps are positive. */
  slice: {
    readonly starts: readonly number[];
    readonly ends: readonly number[];
    readonly steps: readonly number[];
  };
  /** Zeros before and after, for every axis. */
  pad: {
    readonly before: readonly number[];
    readonly after: readonly number[];
  };
  expand: { readonly shape: Shape };
  reverse: { readonly axes: readonly number[] };
  /** Every pixel of [B,C,H,W] becomes a block of scale x scale pixels. */
  resizeNearest: { readonly scale: number };
};

/** Name of an operation. */
export type OpKind = keyof Attributes;

/** Operations without attributes. */
export type PlainKind = {
  [K in OpKind]: keyof Attributes[K] extends never ? K : never;
}[OpKind];

/** An operation of one kind with its attributes. */
export type OpOf<K extends OpKind> = K extends OpKind
  ? { readonly kind: K } & Attributes[K]
  : never;

/** Any operation. */
export type Op = OpOf<OpKind>;
