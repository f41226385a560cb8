/** Small graphs for tests, and how to draw the values of their leaves. */

import { bindShape, countElements, isBatch, type Shape } from "../graph/dim.ts";
import { DTYPE_ARRAYS } from "../graph/dtype.ts";
import type { Node } from "../graph/node.ts";
import type { DType, Values } from "../graph/op.ts";
import { input, parameter } from "../graph/ops.ts";
import type { Rng } from "./random.ts";

/** One leaf of a test's graph. */
export interface Leaf {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly draw: (count: number, rng: Rng) => number[];
}

/** A graph with one output. */
export interface OpCase {
  readonly build: (...leaves: Node[]) => Node;
  readonly leaves: readonly Leaf[];
}

/** Makes a leaf of the shape, of the values its name tells. */
export type MakeLeaf = (...shape: Shape) => Leaf;

function each(dtype: DType, draw: (rng: Rng) => number): MakeLeaf {
  return (...shape) => ({
    shape,
    dtype,
    draw: (count, rng) => Array.from({ length: count }, () => draw(rng)),
  });
}

function between(low: number, high: number) {
  return (rng: Rng) => low + (high - low) * rng.uniform();
}

function sign(rng: Rng): number {
  return rng.uniform() < 0.5 ? -1 : 1;
}

export const real = each("float32", between(-2, 2));
export const unit = each("float32", between(-1, 1));
/** Where functions saturate or exponentials overflow when taken naively. */
export const wide = each("float32", between(-90, 90));
export const positive = each("float32", between(0.5, 2.5));
/** Away from zero, where some derivatives jump. */
export const apart = each("float32", (rng) => sign(rng) * between(0.1, 2)(rng));
/** From a few values, so that many are equal. */
export const few = each("float32", (rng) => rng.integer(3) - 1);
export const integers = each("int32", (rng) => rng.integer(19) - 9);
export const factors = each("int32", (rng) => sign(rng) * (1 + rng.integer(4)));
export const bits = each("bool", (rng) => rng.integer(2));

/** Indices below a number of rows. */
export function ids(rows: number): MakeLeaf {
  return each("int32", (rng) => rng.integer(rows));
}

/** Values a tenth apart; those of different offsets never meet. */
function shuffled(offset: number): MakeLeaf {
  return (...shape) => ({
    shape,
    dtype: "float32",
    draw: (count, rng) =>
      rng.shuffle(
        Array.from(
          { length: count },
          (_, i) => (i - (count >> 1)) / 10 + offset,
        ),
      ),
  });
}

export const distinct = shuffled(0);
export const distinctToo = shuffled(0.05);

/** A case as a graph, with the leaves it was made from. */
export interface CaseGraph {
  readonly output: Node;
  readonly leaves: ReadonlyMap<string, Node>;
  /** Values of the leaves by name. */
  readonly feeds: Readonly<Record<string, Values>>;
}

/** Builds a case and draws values for one batch size. */
export function buildCase(
  { build, leaves }: OpCase,
  batch: number,
  rng: Rng,
): CaseGraph {
  const names = leaves.map((_, i) => String.fromCharCode(97 + i)); // a, b, c, …
  const nodes = leaves.map((leaf, i) => leafNode(leaf, names[i]));
  const feeds = leaves.map(({ shape, dtype, draw }, i) => {
    const count = countElements(bindShape(shape, batch));
    return [names[i], DTYPE_ARRAYS[dtype].from(draw(count, rng))] as const;
  });
  return {
    output: build(...nodes),
    leaves: new Map(nodes.map((node, i) => [names[i], node])),
    feeds: Object.fromEntries(feeds),
  };
}

/** A parameter where one can be, else an input. */
function leafNode({ shape, dtype }: Leaf, name: string): Node {
  return dtype === "float32" && !shape.some(isBatch)
    ? parameter(name, shape as number[])
    : input(name, shape, dtype);
}
