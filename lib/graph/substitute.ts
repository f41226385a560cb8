/** The same computation on other leaves. */

import { makeNode, type Node, topologicalOrder } from "./node.ts";

/**
 * Copies of the given nodes that read the replacements in place of what they
 * replace. What depends on none of those is shared with the originals: copies
 * of a network have its parameters in common.
 *
 * @throws RangeError or TypeError if a replacement's shape or type doesn't fit
 */
export function substitute(
  nodes: readonly Node[],
  replacements: ReadonlyMap<Node, Node>,
): Node[] {
  const copies = new Map(replacements);
  const copyOf = (node: Node) => copies.get(node) ?? node;
  for (const node of topologicalOrder(nodes)) {
    if (copies.has(node)) continue;
    const inputs = node.inputs.map(copyOf);
    if (inputs.some((input, i) => input !== node.inputs[i])) {
      copies.set(node, makeNode(node.op, inputs));
    }
  }
  return nodes.map(copyOf);
}
