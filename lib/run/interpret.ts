/**
 * Runs graphs op by op with TensorFlow.js: the path without a native runtime,
 * and an independent check of it.
 */

import { bindShape, isBatch, printShape } from "../graph/dim.ts";
import { checkLeafNames } from "../graph/leaf_names.ts";
import { isKind, type Node, topologicalOrder } from "../graph/node.ts";
import type { OpOf } from "../graph/op.ts";
import { printType } from "../graph/print.ts";
import { tf } from "./tf.ts";
import {
  type FedNode,
  findTfBatch,
  type TfFeed,
  tfTensor,
} from "./tf_feeds.ts";
import { applyTfForm, type ComputedKind } from "./tf_forms.ts";

export type { TfFeed } from "./tf_feeds.ts";

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
  const fed = new Map(
    order.filter(isFed).map((node) => {
      const { kind, name } = node.op;
      const own = kind === "parameter" ? parameters(name) : undefined;
      return [node, own ?? feeds[name]];
    }),
  );
  const batch = findTfBatch(fed);
  const users = countUsers(order, roots);
  return tf.tidy(() => {
    const values = new Map<Node, tf.Tensor>();
    for (const node of order) {
      const inputs = node.inputs.map((input) => values.get(input)!);
      values.set(
        node,
        isFed(node)
          ? tfTensor(node, fed.get(node)!, batch)
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
