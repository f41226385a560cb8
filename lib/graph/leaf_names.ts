/** What tells the leaves of a graph apart: their names. */

import { sameShape } from "./dim.ts";
import { isKind, type Node } from "./node.ts";
import { printType } from "./print.ts";

/**
 * Checks the names of inputs and parameters. A parameter may be several nodes
 * if they agree; every other leaf needs a name of its own.
 * @throws RangeError for a name that two leaves have, or that none can have
 */
export function checkLeafNames(nodes: Iterable<Node>): void {
  const known = new Map<string, Node<"input" | "parameter">>();
  for (const node of nodes) {
    if (!isKind(node, "input") && !isKind(node, "parameter")) continue;
    const { name } = node.op;
    if (/^([%#]|$)/.test(name)) {
      throw new RangeError(
        `Cannot use the graph: the ${printLeaf(node)} is named "${name}"; ` +
          `names may not be empty or begin with % or #, which mark the ` +
          `names that are made up for values and constants`,
      );
    }
    const other = known.get(name);
    if (other && !isSameParameter(node, other)) {
      throw new RangeError(
        `Cannot use the graph: ${name} is the name of the ` +
          `${printLeaf(other)} and of the ${printLeaf(node)}; make one node ` +
          `and use it twice, or give them names of their own`,
      );
    }
    known.set(name, node);
  }
}

function isSameParameter(a: Node, b: Node): boolean {
  return isKind(a, "parameter") && isKind(b, "parameter") &&
    a.dtype === b.dtype && sameShape(a.shape, b.shape);
}

function printLeaf(node: Node): string {
  return `${node.op.kind} ${printType(node)}`;
}
