/** Functions that build graphs: one for each operation, and short forms. */

import {
  countElements,
  type Dim,
  isBatch,
  isDim,
  printShape,
  sameShape,
  type Shape,
} from "./dim.ts";
import { makeLeaf, makeNode, type Node } from "./node.ts";
import type { DType, OpOf, Padding, PlainKind, Values } from "./op.ts";
import { solveDim } from "./shape_places.ts";

/** A node, or a number that becomes a scalar constant of the right type. */
export type Operand = Node | number;

/** A value fed at each run. */
export function input(
  name: string,
  shape: Shape,
  dtype: DType = "float32",
): Node {
  return makeLeaf({ kind: "input", name }, shape, dtype);
}

/** A weight, by the checkpoint's own tensor name. */
export function parameter(name: string, shape: readonly number[]): Node {
  return makeLeaf({ kind: "parameter", name }, shape, "float32");
}

const DTYPES = {
  Float32Array: "float32",
  Int32Array: "int32",
  Uint8Array: "bool",
} as const;

/** A fixed value; a number makes a float32 scalar. */
export function constant(
  values: number | Values,
  shape: readonly number[] = typeof values === "number" ? [] : [values.length],
): Node {
  const array = typeof values === "number" ? Float32Array.of(values) : values;
  if (array.length !== countElements(shape)) {
    throw new RangeError(
      `Cannot make a constant of shape ${printShape(shape)}: ` +
        `it needs ${countElements(shape)} values, found ${array.length}`,
    );
  }
  const dtype = DTYPES[array.constructor.name as keyof typeof DTYPES];
  return makeLeaf({ kind: "constant", values: array }, shape, dtype);
}

function lift(operand: Operand, dtype: DType): Node {
  if (typeof operand !== "number") return operand;
  const values = dtype === "int32"
    ? Int32Array.of(operand)
    : Float32Array.of(operand);
  return constant(values, []);
}

function unary(kind: PlainKind): (x: Node) => Node {
  return (x) => makeNode({ kind } as OpOf<PlainKind>, [x]);
}

function binary(kind: PlainKind): (a: Operand, b: Operand) => Node {
  return (a, b) => {
    const dtype = typeof a !== "number"
      ? a.dtype
      : typeof b !== "number"
      ? b.dtype
      : "float32";
    return makeNode({ kind } as OpOf<PlainKind>, [
      lift(a, dtype),
      lift(b, dtype),
    ]);
  };
}

export const neg = unary("neg");
export const exp = unary("exp");
export const log = unary("log");
export const sqrt = unary("sqrt");
export const abs = unary("abs");
export const sin = unary("sin");
export const cos = unary("cos");
export const tanh = unary("tanh");
export const sigmoid = unary("sigmoid");
export const erf = unary("erf");
export const relu = unary("relu");
export const silu = unary("silu");
export const gelu = unary("gelu");
export const not = unary("not");
export const stopGradient = unary("stopGradient");
export const softmax = unary("softmax");
export const logSoftmax = unary("logSoftmax");

export const add = binary("add");
export const sub = binary("sub");
export const mul = binary("mul");
export const div = binary("div");
export const maximum = binary("maximum");
export const minimum = binary("minimum");
export const equal = binary("equal");
export const less = binary("less");
export const greater = binary("greater");
export const and = binary("and");
export const or = binary("or");

/** x * x. */
export function square(x: Node): Node {
  return mul(x, x);
}

/** Where the condition holds `ifTrue`, elsewhere `ifFalse`; all broadcast. */
export function select(
  condition: Node,
  ifTrue: Operand,
  ifFalse: Operand,
): Node {
  const dtype = typeof ifTrue !== "number"
    ? ifTrue.dtype
    : typeof ifFalse !== "number"
    ? ifFalse.dtype
    : "float32";
  return makeNode({ kind: "select" }, [
    condition,
    lift(ifTrue, dtype),
    lift(ifFalse, dtype),
  ]);
}

export function cast(x: Node, to: DType): Node {
  return x.dtype === to ? x : makeNode({ kind: "cast", to }, [x]);
}

/** Axes as the operations want them: counted from the left, ascending. */
function normalizeAxes(x: Node, axes: readonly number[] | undefined): number[] {
  const rank = x.shape.length;
  if (axes === undefined) return x.shape.map((_, axis) => axis);
  return axes.map((axis) => axis < 0 ? axis + rank : axis)
    .sort((a, b) => a - b);
}

function reduction(kind: "sum" | "mean" | "max") {
  return (x: Node, axes?: readonly number[], keepDims = false): Node =>
    makeNode({ kind, axes: normalizeAxes(x, axes), keepDims }, [x]);
}

/** Reductions over the named axes (negative ones count from the right). */
export const sum = reduction("sum");
export const mean = reduction("mean");
export const max = reduction("max");

export function argMax(x: Node, axis = -1): Node {
  return makeNode({ kind: "argMax", axis: normalizeAxes(x, [axis])[0] }, [x]);
}

export function cumsum(x: Node, axis = -1, reverse = false): Node {
  const [a] = normalizeAxes(x, [axis]);
  return makeNode({ kind: "cumsum", axis: a, reverse }, [x]);
}

export function topK(x: Node, k: number): Node {
  return makeNode({ kind: "topK", k }, [x]);
}

export function layerNorm(
  x: Node,
  scale: Node,
  bias: Node,
  epsilon: number,
): Node {
  return makeNode({ kind: "layerNorm", epsilon }, [x, scale, bias]);
}

export function rmsNorm(x: Node, scale: Node, epsilon: number): Node {
  return makeNode({ kind: "rmsNorm", epsilon }, [x, scale]);
}

export function groupNorm(
  x: Node,
  scale: Node,
  bias: Node,
  groups: number,
  epsilon: number,
): Node {
  return makeNode({ kind: "groupNorm", groups, epsilon }, [x, scale, bias]);
}

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
  readonly stride?: number | readonly [number, number];
  readonly padding?: number | Padding;
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

export function conv(
  x: Node,
  kernel: Node,
  bias?: Node,
  options: ConvOptions = {},
): Node {
  const op = { kind: "conv", ...convAttributes(options) } as const;
  return makeNode(op, [x, kernel, bias ?? noBias(kernel.shape[0])]);
}

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

export function gather(table: Node, indices: Node): Node {
  return makeNode({ kind: "gather" }, [table, indices]);
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

export function transpose(x: Node, permutation: readonly number[]): Node {
  return makeNode({ kind: "transpose", permutation }, [x]);
}

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

/** Equal parts along one axis. */
export function split(x: Node, parts: number, axis: number): Node[] {
  const [a] = normalizeAxes(x, [axis]);
  const size = (x.shape[a] as number) / parts;
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

export function expand(x: Node, shape: Shape): Node {
  return sameShape(x.shape, shape)
    ? x
    : makeNode({ kind: "expand", shape }, [x]);
}

export function reverse(x: Node, axes: readonly number[]): Node {
  return makeNode({ kind: "reverse", axes: normalizeAxes(x, axes) }, [x]);
}

export function resizeNearest(x: Node, scale: number): Node {
  return makeNode({ kind: "resizeNearest", scale }, [x]);
}
