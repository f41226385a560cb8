/**
 * Runs graphs op by op with TensorFlow.js: the path without a native runtime,
 * and an independent check of it.
 */

import { bindShape, isBatch, printShape } from "../graph/dim.ts";
import { checkLeafNames } from "../graph/leaf_names.ts";
import { isKind, leaves, type Node, topologicalOrder } from "../graph/node.ts";
import type { OpOf } from "../graph/op.ts";
import { printType } from "../graph/print.ts";
import { type FedNode, findBatch, isTensor, type TfFeed } from "./feeds.ts";
import { tf } from "./tf.ts";
import { applyTfForm, type ComputedKind } from "./tf_forms.ts";

export type { TfFeed } from "./feeds.ts";

/**
 * Computes the named outputs, any nodes of a graph, as tensors of the
 * caller's. Every other value is freed as soon as its last user has run.
 *
 * @param feeds inputs by name, and parameters that `parameters` doesn't have
 * @param parameters a weight by the checkpoint's name
 * @throws RangeError for a feed that is missing or doesn't fit, for feeds of
 * different batches, for a name that two leaves have, and for an index outside
 * its table
 */
export function interpret<Name extends string>(
  outputs: Readonly<Record<Name, Node>>,
  feeds: Readonly<Record<string, TfFeed>>,
  parameters: (name: string) => TfFeed | undefined = () => undefined,
): Record<Name, tf.Tensor> {
  const roots = Object.values<Node>(outputs);
  const order = topologicalOrder(roots);
  checkLeafNames(order);
  const weights = new Map<string, TfFeed>();
  for (const { op } of leaves(roots, "parameter")) {
    const own = parameters(op.name);
    if (own) weights.set(op.name, own);
  }
  const batch = findBatch(order.filter(isFed), feeds, weights);
  const valueOf = (name: string) => weights.get(name) ?? feeds[name];
  const users = countUsers(order, roots);
  return tf.tidy(() => {
    const values = new Map<Node, tf.Tensor>();
    for (const node of order) {
      const inputs = node.inputs.map((input) => values.get(input)!);
      values.set(
        node,
        isFed(node)
          ? tfTensor(node, valueOf(node.op.name), batch)
          : compute(node, inputs, batch),
      );
      for (const input of node.inputs) release(input, users, values);
    }
    const results = Object.entries<Node>(outputs).map(([name, node]) =>
      [name, values.get(node)!.clone()] as const
    );
    return Object.fromEntries(results) as Record<Name, tf.Tensor>;
  });
}

function isFed(node: Node): node is FedNode {
  return isKind(node, "input") || isKind(node, "parameter");
}

/** The value as a tensor of its own, which shares the elements. */
function tfTensor(node: FedNode, feed: TfFeed, batch = 1): tf.Tensor {
  return isTensor(feed)
    ? feed.clone()
    : tf.tensor(feed, bindShape(node.shape, batch), node.dtype);
}

/** How often each value is read, being an output included. */
function countUsers(
  order: readonly Node[],
  outputs: readonly Node[],
): Map<Node, number> {
  const users = new Map<Node, number>();
  for (const node of [...order.flatMap(({ inputs }) => inputs), ...outputs]) {
    users.set(node, (users.get(node) ?? 0) + 1);
  }
  return users;
}

function release(
  node: Node,
  users: Map<Node, number>,
  values: Map<Node, tf.Tensor>,
): void {
  const left = users.get(node)! - 1;
  users.set(node, left);
  if (left > 0) return;
  values.get(node)!.dispose();
  values.delete(node);
}

function compute(
  node: Node,
  inputs: tf.Tensor[],
  batch: number | undefined,
): tf.Tensor {
  if (batch === undefined && node.shape.some(isBatch)) {
    throw new RangeError(
      `Cannot compute ${node.op.kind}, ${printType(node)}: ` +
        `none of the inputs fed has the symbolic batch`,
    );
  }
  const shape = bindShape(node.shape, batch ?? 1);
  const value = tf.tidy(() =>
    applyTfForm(node.op as OpOf<ComputedKind>, inputs, shape)
  );
  if (printShape(value.shape) !== printShape(shape)) {
    throw new Error(
      `TensorFlow.js computed ${node.op.kind} as ${printShape(value.shape)}, ` +
        `its shape rule says ${printShape(shape)}`,
    );
  }
  return value;
}
