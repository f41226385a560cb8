/**
 * How much rounding to int8 changes what each linear layer gives, measured on
 * inputs: the graph computes every product twice, as it is and with both
 * factors rounded as the integer product rounds them.
 */

import { bindShape } from "../graph/dim.ts";
import { type LinearProduct, linearProduct } from "../graph/linear_product.ts";
import {
  isKind,
  leaves,
  makeNode,
  type Node,
  topologicalOrder,
} from "../graph/node.ts";
import type { Values } from "../graph/op.ts";
import {
  abs,
  add,
  cast,
  div,
  max,
  maximum,
  mul,
  sub,
  sum,
} from "../graph/ops.ts";
import type { ChannelLevels } from "./channels.ts";
import { createRng, type Rng } from "./random.ts";
import { runOnce } from "./run_once.ts";
import type { Weights } from "./weights.ts";

/** Numbers that inputs of some names are filled with, in place of random ones. */
export type Fills = Readonly<Record<string, number>>;

/** How layers are tried. */
export interface LayerErrorOptions {
  /** For masks and the like, for which any number won't do; none by default. */
  readonly fills?: Fills;
  /** Those of weights on either side of the zero; 127 by default. */
  readonly levels?: ChannelLevels;
}

/** Rounded weights that are in memory at the same time, in values. */
const PIECE = 1 << 25;

/**
 * The relative error of each layer's result, by the name of its matrix: the
 * root of the squared error over that of the squares. Of a matrix with several
 * users it is the largest.
 *
 * Inputs are drawn at random, with the same numbers at every call: normal ones,
 * and rows of the tables that ids are for. Layers of a trained network differ
 * by their weights and by what its norms and activations give them, which they
 * see here too.
 */
export async function layerErrors(
  outputs: readonly Node[],
  weights: Weights,
  names: ReadonlySet<string>,
  { fills = {}, levels = 127 }: LayerErrorOptions = {},
): Promise<Map<string, number>> {
  const errors = new Map<string, number>();
  for (const piece of pieces(outputs, names)) {
    const graph = Object.fromEntries(
      piece.map((node, i) => [`error ${i}`, errorOf(node, levels)]),
    );
    const feeds = randomFeeds(Object.values(graph), fills);
    const found = await runOnce(graph, feeds, weights);
    piece.forEach((node, i) => {
      const { op } = linearProduct(node)!.matrix;
      const error = Math.sqrt(found[`error ${i}`].data[0]);
      errors.set(op.name, Math.max(error, errors.get(op.name) ?? 0));
    });
  }
  return errors;
}

/** The products with those matrices, some at a time. */
function* pieces(
  outputs: readonly Node[],
  names: ReadonlySet<string>,
): Generator<Node[]> {
  let piece: Node[] = [];
  let size = 0;
  for (const node of topologicalOrder(outputs)) {
    const product = linearProduct(node);
    if (!product || !names.has(product.matrix.op.name)) continue;
    const { shape } = product.matrix;
    const count = (shape as number[]).reduce((a, b) => a * b, 1);
    if (piece.length > 0 && size + count > PIECE) {
      yield piece;
      [piece, size] = [[], 0];
    }
    piece.push(node);
    size += count;
  }
  if (piece.length > 0) yield piece;
}

/** Squared error over squares, a scalar. */
function errorOf(node: Node, levels: ChannelLevels): Node {
  const { x, isConv } = linearProduct(node) as LinearProduct;
  const [, matrix, ...rest] = node.inputs;
  const channels = isConv ? 1 : x.shape.length - 1;
  const coarse = makeNode(node.op, [
    rounded(x, [channels], 127),
    rounded(matrix, matrix.shape.map((_, axis) => axis).slice(1), levels),
    ...rest,
  ]);
  const energy = (value: Node) =>
    sum(mul(value, value), value.shape.map((_, axis) => axis));
  const error = energy(sub(coarse, node));
  return div(error, maximum(energy(node), 1e-30));
}

/** The nearest of the levels around zero, with one scale over the axes. */
function rounded(
  x: Node,
  axes: readonly number[],
  levels: ChannelLevels,
): Node {
  const largest = max(abs(x), axes, true);
  const scale = maximum(mul(largest, 1 / levels), 1e-30);
  // To the nearest by cutting what is above zero.
  const level = cast(cast(add(div(x, scale), 128.5), "int32"), "float32");
  return mul(sub(level, 128), scale);
}

/** What a batch of one is fed. */
function randomFeeds(
  outputs: readonly Node[],
  fills: Fills,
): Record<string, Values> {
  const rng = createRng("layer errors");
  return Object.fromEntries(
    leaves(outputs, "input").map((node) => {
      const { name } = node.op;
      const count = bindShape(node.shape, 1).reduce((a, b) => a * b, 1);
      const fill = fills[name];
      if (node.dtype === "int32") {
        return [name, randomIds(count, rowsFor(node, outputs), rng)];
      }
      if (node.dtype === "bool") {
        return [name, new Uint8Array(count).fill(fill ?? 1)];
      }
      const value = () => fill ?? rng.normal();
      return [name, Float32Array.from({ length: count }, value)];
    }),
  );
}

function randomIds(count: number, rows: number, rng: Rng): Int32Array {
  return Int32Array.from({ length: count }, () => rng.integer(rows));
}

/** Rows of the smallest table whose rows an input names. */
function rowsFor(ids: Node, outputs: readonly Node[]): number {
  const from = new Set<Node>([ids]);
  let rows = Infinity;
  for (const node of topologicalOrder(outputs)) {
    if (isKind(node, "gather")) {
      const [table, at] = node.inputs;
      if (from.has(at)) rows = Math.min(rows, table.shape[0] as number);
    } else if (node.inputs.some((input) => from.has(input))) from.add(node);
  }
  return Number.isFinite(rows) ? rows : 1;
}
