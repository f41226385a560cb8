/** Builders of leaves and of what works element by element. */

import { countElements, printShape, type Shape } from "./dim.ts";
import { DTYPE_ARRAYS, dtypeOf } from "./dtype.ts";
import { makeLeaf, makeNode, type Node } from "./node.ts";
import type { DType, OpOf, PlainKind, Values } from "./op.ts";

/** A node, or a number that becomes a scalar constant of the right type. */
export type Operand = Node | number;

/** Builds an operation on each element of a node, or on its last axis. */
export type Unary = (x: Node) => Node;

/** Builds an operation on two nodes that broadcast, or a node and a number. */
export type Binary = (a: Operand, b: Operand) => Node;

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

/**
 * A fixed value, a copy of what is given; a number makes a float32 scalar.
 * @throws RangeError or TypeError for values of another number or type
 */
export function constant(
  values: number | Values,
  shape: readonly number[] = typeof values === "number" ? [] : [values.length],
): Node {
  const array = typeof values === "number" ? Float32Array.of(values) : values;
  const dtype = dtypeOf(array);
  if (array.length !== countElements(shape)) {
    throw new RangeError(
      `Cannot make a constant of shape ${printShape(shape)}: ` +
        `it needs ${countElements(shape)} values, found ${array.length}`,
    );
  }
  // A node never changes, whatever becomes of the caller's array.
  const own = new DTYPE_ARRAYS[dtype](array);
  return makeLeaf({ kind: "constant", values: own }, shape, dtype);
}

function lift(operand: Operand, dtype: DType): Node {
  if (typeof operand !== "number") return operand;
  if (dtype !== "int32") return constant(operand);
  if (operand !== (operand | 0)) {
    throw new RangeError(
      `Cannot use ${operand} with an int32 node: wanted a whole number of ` +
        `32 bits; cast the node to float32 first`,
    );
  }
  return constant(Int32Array.of(operand), []);
}

function unary(kind: PlainKind): Unary {
  return (x) => makeNode({ kind } as OpOf<PlainKind>, [x]);
}

function binary(kind: PlainKind): Binary {
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

/** -x. */
export const neg: Unary = unary("neg");
/** e to the power of x. */
export const exp: Unary = unary("exp");
/** The natural logarithm. */
export const log: Unary = unary("log");
/** The square root. */
export const sqrt: Unary = unary("sqrt");
/** |x|. */
export const abs: Unary = unary("abs");
/** The sine. */
export const sin: Unary = unary("sin");
/** The cosine. */
export const cos: Unary = unary("cos");
/** The hyperbolic tangent. */
export const tanh: Unary = unary("tanh");
/** 1 / (1 + exp(-x)). */
export const sigmoid: Unary = unary("sigmoid");
/** The error function. */
export const erf: Unary = unary("erf");
/** max(x, 0). */
export const relu: Unary = unary("relu");
/** x * sigmoid(x). */
export const silu: Unary = unary("silu");
/** The exact form, x/2 * (1 + erf(x / sqrt 2)). */
export const gelu: Unary = unary("gelu");
/** True where x is false. */
export const not: Unary = unary("not");
/** x, with a gradient of zero. */
export const stopGradient: Unary = unary("stopGradient");
/** exp(x) over its sum, along the last axis. */
export const softmax: Unary = unary("softmax");
/** The logarithm of the softmax along the last axis. */
export const logSoftmax: Unary = unary("logSoftmax");

/** a + b, broadcast. */
export const add: Binary = binary("add");
/** a - b, broadcast. */
export const sub: Binary = binary("sub");
/** a * b, broadcast. */
export const mul: Binary = binary("mul");
/** a / b, broadcast; integers are cut off towards zero. */
export const div: Binary = binary("div");
/** The larger of a and b, broadcast. */
export const maximum: Binary = binary("maximum");
/** The smaller of a and b, broadcast. */
export const minimum: Binary = binary("minimum");
/** True where a = b, broadcast. */
export const equal: Binary = binary("equal");
/** True where a < b, broadcast. */
export const less: Binary = binary("less");
/** True where a > b, broadcast. */
export const greater: Binary = binary("greater");
/** True where one of them is, broadcast. */
export const or: Binary = binary("or");

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

/** The values as another type; x itself if it has that type. */
export function cast(x: Node, to: DType): Node {
  return x.dtype === to ? x : makeNode({ kind: "cast", to }, [x]);
}
