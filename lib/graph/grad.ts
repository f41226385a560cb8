/**
 * Reverse-mode differentiation, graph in, graph out. The rules are rows of a
 * table; walking, adding shared gradients and undoing broadcasts happen once,
 * here.
 */

import { printShape, sameShape } from "./dim.ts";
import { gradientRules } from "./gradient_rules.ts";
import { type Node, topologicalOrder } from "./node.ts";
import { add, constant, expand, reshape, sum } from "./ops.ts";
import { printType } from "./print.ts";

/**
 * Gradients of a scalar with respect to each of the given nodes, zero where
 * the scalar does not depend on one. They are ordinary nodes and can be
 * differentiated again.
 *
 * @throws RangeError when the loss is not a scalar, TypeError when one of the
 * nodes is not float32 or an operation on the way has no gradient.
 */
export function grad(loss: Node, wrt: readonly Node[]): Node[] {
  if (loss.shape.length !== 0) {
    throw new RangeError(
      `Cannot differentiate a loss of shape ${printShape(loss.shape)}: ` +
        `wanted a scalar; reduce it with sum or mean`,
    );
  }
  const discrete = [loss, ...wrt].find(({ dtype }) => dtype !== "float32");
  if (discrete) {
    throw new TypeError(
      `Cannot differentiate ${discrete === loss ? "" : "with respect to "}` +
        `the ${discrete.op.kind} ${printType(discrete)}: wanted float32`,
    );
  }
  const order = topologicalOrder([loss]);
  const relevant = dependents(order, wrt);
  const gradients = new Map<Node, Node>([[loss, constant(1)]]);
  for (const node of order.reverse()) {
    const upstream = gradients.get(node);
    if (!upstream || !relevant.has(node) || node.inputs.length === 0) continue;
    inputGradients(node, upstream).forEach((gradient, i) => {
      const input = node.inputs[i];
      if (!gradient || !relevant.has(input)) return;
      const fitted = unbroadcast(gradient, input);
      const sofar = gradients.get(input);
      gradients.set(input, sofar ? add(sofar, fitted) : fitted);
    });
  }
  return wrt.map((node) =>
    gradients.get(node) ?? expand(constant(0), node.shape)
  );
}

/** The given nodes and everything computed from them. */
function dependents(order: Iterable<Node>, roots: readonly Node[]): Set<Node> {
  const found = new Set<Node>(roots);
  for (const node of order) {
    if (node.inputs.some((input) => found.has(input))) found.add(node);
  }
  return found;
}

function inputGradients(node: Node, upstream: Node): readonly (Node | null)[] {
  const rule = gradientRules[node.op.kind];
  if (typeof rule === "function") return rule(node as never, upstream);
  if ("none" in rule) {
    throw new TypeError(
      `Cannot differentiate ${node.op.kind}: ${rule.none}`,
    );
  }
  return node.inputs.map(() => null);
}

/** Sums a gradient over the axes its operand was stretched along. */
function unbroadcast(gradient: Node, operand: Node): Node {
  if (sameShape(gradient.shape, operand.shape)) return gradient;
  const extra = gradient.shape.length - operand.shape.length;
  const axes = gradient.shape.flatMap((dim, axis) =>
    axis < extra || dim !== operand.shape[axis - extra] ? [axis] : []
  );
  return reshape(sum(gradient, axes), operand.shape);
}
