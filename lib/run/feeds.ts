/** Checks what a graph is given, and finds the batch it is given for. */

import { batchFactor, isBatch, printShape, type Shape } from "../graph/dim.ts";
import { DTYPE_ARRAYS } from "../graph/dtype.ts";
import type { Node } from "../graph/node.ts";
import type { Values } from "../graph/op.ts";
import { printType } from "../graph/print.ts";
import type { tf } from "./tf.ts";

/** A value from outside: the elements row by row, or a tensor. */
export type TfFeed = Values | tf.Tensor;

/** A leaf whose value comes from outside. */
export type FedNode = Node<"input" | "parameter">;

type Named<Value> = Readonly<Record<string, Value>>;

/** Tells a tensor without the library, which native runs do not load. */
export function isTensor(feed: TfFeed): feed is tf.Tensor {
  return "dataId" in feed;
}

/**
 * The batch size that fits the feeds of all nodes, or undefined where none has
 * a batch. Feeds that no node asks for are let be: the same ones serve any
 * outputs of a network. It comes before every run, and so makes nothing.
 *
 * @param weights values of parameters that come before the feeds
 * @throws RangeError for a feed that is missing or doesn't fit
 */
export function findBatch(
  nodes: Iterable<FedNode>,
  feeds: Named<TfFeed>,
  weights?: ReadonlyMap<string, TfFeed>,
): number | undefined {
  let found: number | undefined;
  let first = "";
  for (const node of nodes) {
    const { name } = node.op;
    const feed = weights?.get(name) ?? feeds[name];
    if (feed === undefined) throw missing(node, feeds);
    const batch = isTensor(feed)
      ? batchOfTensor(node, feed)
      : batchOfArray(node, feed);
    if (batch === undefined) continue;
    if (found !== undefined && found !== batch) {
      throw new RangeError(
        `Cannot feed ${name} for a batch of ${batch}: ` +
          `${first} has a batch of ${found}`,
      );
    }
    if (found === undefined) first = name;
    found = batch;
  }
  return found;
}

/**
 * Checks arrays that outputs are written to.
 * @throws RangeError for a name that no output has, or an array that doesn't
 * fit
 */
export function checkInto(
  into: Named<Values>,
  outputs: Named<Node>,
  batch = 1,
): void {
  for (const name in into) {
    if (!Object.hasOwn(outputs, name)) {
      throw new RangeError(
        `Cannot write the output ${name}: the graph has none of that name; ` +
          `its outputs are ${Object.keys(outputs).join(", ")}`,
      );
    }
    const { dtype, shape } = outputs[name];
    const values = into[name];
    const length = countAt(shape, batch);
    if (!(values instanceof DTYPE_ARRAYS[dtype]) || values.length !== length) {
      throw new RangeError(
        `Cannot write the output ${name}: wanted ${DTYPE_ARRAYS[dtype].name} ` +
          `of ${length}, found ${printArray(values)}`,
      );
    }
  }
}

function missing(node: FedNode, feeds: Named<TfFeed>): RangeError {
  const given = Object.keys(feeds).filter((name) => feeds[name] !== undefined);
  return new RangeError(
    `Cannot run the graph without the ${node.op.kind} ${node.op.name}, ` +
      `${printType(node)}; given were: ${given.join(", ") || "none"}`,
  );
}

function misfit(node: FedNode, feed: TfFeed): RangeError {
  const found = isTensor(feed)
    ? `${feed.dtype}${printShape(feed.shape)}`
    : printArray(feed);
  return new RangeError(
    `Cannot feed ${node.op.name}: wanted ${printType(node)}, found ${found}`,
  );
}

function printArray(values: Values): string {
  return `${values.constructor.name} of ${values.length}`;
}

function batchOfTensor(node: FedNode, feed: tf.Tensor): number | undefined {
  if (feed.dtype !== node.dtype || feed.rank !== node.shape.length) {
    throw misfit(node, feed);
  }
  let batch: number | undefined;
  node.shape.forEach((dim, axis) => {
    const size = feed.shape[axis];
    const here = isBatch(dim) ? size / batchFactor(dim) : undefined;
    const fits = here === undefined
      ? size === dim
      : Number.isInteger(here) && here > 0 && (batch ?? here) === here;
    if (!fits) throw misfit(node, feed);
    batch ??= here;
  });
  return batch;
}

function batchOfArray(node: FedNode, feed: Values): number | undefined {
  if (!(feed instanceof DTYPE_ARRAYS[node.dtype])) throw misfit(node, feed);
  const unit = countAt(node.shape, 1);
  let batches = 0;
  for (const dim of node.shape) if (isBatch(dim)) batches++;
  const batch = batches === 0
    ? 1
    : Math.round((feed.length / unit) ** (1 / batches));
  if (batch < 1 || feed.length !== unit * batch ** batches) {
    throw misfit(node, feed);
  }
  return batches === 0 ? undefined : batch;
}

function countAt(shape: Shape, batch: number): number {
  let count = 1;
  for (const dim of shape) {
    count *= isBatch(dim) ? batchFactor(dim) * batch : dim;
  }
  return count;
}
