/** Checks what a graph is given, and finds the batch it is given for. */

import {
  batchFactor,
  bindShape,
  isBatch,
  printShape,
  product,
} from "../graph/dim.ts";
import { DTYPE_ARRAYS } from "../graph/dtype.ts";
import type { Node } from "../graph/node.ts";
import type { Values } from "../graph/op.ts";
import { tf } from "./tf.ts";

/** A value from outside: the elements row by row, or a tensor. */
export type TfFeed = Values | tf.Tensor;

/** A leaf whose value comes from outside. */
export type FedNode = Node<"input"> | Node<"parameter">;

/**
 * The batch size that fits every feed, or undefined where none has a batch.
 * @throws RangeError or TypeError for a feed that is missing or doesn't fit
 */
export function findTfBatch(
  feeds: ReadonlyMap<FedNode, TfFeed | undefined>,
): number | undefined {
  let found: { batch: number; name: string } | undefined;
  for (const [node, feed] of feeds) {
    if (feed === undefined) throw missing(node, feeds);
    const { name } = node.op;
    const batch = feed instanceof tf.Tensor
      ? batchOfTensor(node, feed)
      : batchOfArray(node, feed);
    if (batch === undefined) continue;
    if (found && found.batch !== batch) {
      throw new RangeError(
        `Cannot feed ${name} for a batch of ${batch}: ` +
          `${found.name} has a batch of ${found.batch}`,
      );
    }
    found = { batch, name };
  }
  return found?.batch;
}

/** The value as a tensor of its own, which shares the elements. */
export function tfTensor(node: FedNode, feed: TfFeed, batch = 1): tf.Tensor {
  return feed instanceof tf.Tensor
    ? feed.clone()
    : tf.tensor(feed, bindShape(node.shape, batch), node.dtype);
}

function missing(
  node: FedNode,
  feeds: ReadonlyMap<FedNode, TfFeed | undefined>,
): RangeError {
  const given = [...feeds].flatMap(([{ op }, feed]) => feed ? [op.name] : []);
  return new RangeError(
    `Cannot run the graph without the ${node.op.kind} ${node.op.name}, ` +
      `${wanted(node)}; given were: ${given.join(", ") || "none"}`,
  );
}

function wanted({ dtype, shape }: FedNode): string {
  return `${dtype}${printShape(shape)}`;
}

function misfit(node: FedNode, found: string): RangeError {
  return new RangeError(
    `Cannot feed ${node.op.name}: wanted ${wanted(node)}, found ${found}`,
  );
}

function batchOfTensor(node: FedNode, feed: tf.Tensor): number | undefined {
  const found = `${feed.dtype}[${feed.shape}]`;
  if (feed.dtype !== node.dtype || feed.rank !== node.shape.length) {
    throw misfit(node, found);
  }
  let batch: number | undefined;
  node.shape.forEach((dim, axis) => {
    const size = feed.shape[axis];
    const here = isBatch(dim) ? size / batchFactor(dim) : undefined;
    const fits = here === undefined
      ? size === dim
      : Number.isInteger(here) && here > 0 && (batch ?? here) === here;
    if (!fits) throw misfit(node, found);
    batch ??= here;
  });
  return batch;
}

function batchOfArray(node: FedNode, feed: Values): number | undefined {
  const found = `${feed.constructor.name} of ${feed.length}`;
  if (!(feed instanceof DTYPE_ARRAYS[node.dtype])) throw misfit(node, found);
  const count = product(node.shape);
  if (!isBatch(count)) {
    if (feed.length !== count) throw misfit(node, found);
    return undefined;
  }
  const batch = feed.length / batchFactor(count);
  if (!Number.isInteger(batch) || batch < 1) throw misfit(node, found);
  return batch;
}
