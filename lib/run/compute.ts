/** Runs a graph once, by the executor of one's choice: for looking into it. */

import { leaves, type Node } from "../graph/node.ts";
import type { Values } from "../graph/op.ts";
import { findBatch, isTensor, type TfFeed } from "./feeds.ts";
import { interpret } from "./interpret.ts";
import { runOnce } from "./run_once.ts";
import { tf } from "./tf.ts";
import type { Weights } from "./weights.ts";
import { readWeight } from "./weights_together.ts";

/** What runs a graph: the native runtime, or TensorFlow.js op by op. */
export type Executor = "onnxruntime" | "tensorflow";

/** How a graph is computed. */
export interface ComputeOptions {
  /** Values of parameters; those that are missing are fed. None by default. */
  readonly weights?: Weights;
  /** The native runtime by default. */
  readonly by?: Executor;
}

type Outputs = Readonly<Record<string, Node>>;
type Feeds = Readonly<Record<string, TfFeed>>;
type Results = Record<string, tf.Tensor>;

/**
 * Computes the named outputs, any nodes of a graph. What runs often is faster
 * with {@linkcode createSession}, which compiles once.
 *
 * @param feeds inputs by name
 * @throws RangeError for a feed that is missing or doesn't fit, and for an
 * executor that there is not
 */
export async function compute<Name extends string>(
  outputs: Readonly<Record<Name, Node>>,
  feeds: Readonly<Record<string, TfFeed>>,
  { weights = new Map(), by = "onnxruntime" }: ComputeOptions = {},
): Promise<Record<Name, tf.Tensor>> {
  if (!Object.hasOwn(EXECUTORS, by)) {
    throw new RangeError(
      `Cannot compute by ${by}: wanted one of ` +
        Object.keys(EXECUTORS).join(", "),
    );
  }
  return await EXECUTORS[by](outputs, feeds, weights) as Record<
    Name,
    tf.Tensor
  >;
}

const EXECUTORS: Record<
  Executor,
  (outputs: Outputs, feeds: Feeds, weights: Weights) => Promise<Results>
> = { onnxruntime: computeNatively, tensorflow: computeByTf };

async function computeNatively(
  outputs: Outputs,
  feeds: Feeds,
  weights: Weights,
): Promise<Results> {
  // The session sees no shapes of tensors, only their elements.
  const roots = Object.values(outputs);
  const fed = [
    ...leaves(roots, "input"),
    ...leaves(roots, "parameter").filter(({ op }) => !weights.has(op.name)),
  ];
  findBatch(fed, feeds);
  const values = mapValues(feeds, feedValues);
  const results = await runOnce(outputs, values, weights);
  return mapValues(
    results,
    ({ data, shape, dtype }) => tf.tensor(data, [...shape], dtype),
  );
}

async function computeByTf(
  outputs: Outputs,
  feeds: Feeds,
  weights: Weights,
): Promise<Results> {
  const values = new Map<string, Float32Array>();
  for (const { op } of leaves(Object.values(outputs), "parameter")) {
    const weight = weights.get(op.name);
    if (weight) values.set(op.name, await readWeight(weight));
  }
  return interpret(outputs, feeds, (name) => values.get(name));
}

function feedValues(feed: TfFeed): Values {
  return isTensor(feed) ? feed.dataSync() as Values : feed;
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name, change(value)]),
  );
}
