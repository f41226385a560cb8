/** Which parameters a step may overwrite while it runs. */

import { isKind, type Node, topologicalOrder } from "../graph/node.ts";

/**
 * Names of the parameters that something reads which no update waits for, such
 * as a linear loss, on whose value no gradient depends. The runtime may
 * compute that after the update: these must not be written in place.
 *
 * @param results what a step reports
 * @param waitedFor what every update waits for
 */
export function lateReads(
  results: Iterable<Node>,
  waitedFor: Node,
): Set<string> {
  const early = new Set(topologicalOrder([waitedFor]));
  const late = new Set<string>();
  for (const node of topologicalOrder(results)) {
    if (early.has(node)) continue;
    for (const input of [node, ...node.inputs]) {
      const source = viewed(input);
      if (isKind(source, "parameter")) late.add(source.op.name);
    }
  }
  return late;
}

/**
 * What a value is a view of, if it is one: the runtime may let a reshaped
 * tensor share the memory of the other, and fuse a transposition into its user.
 */
function viewed(node: Node): Node {
  let source = node;
  for (;;) {
    const changing = source.inputs.filter((input) =>
      !isKind(input, "constant")
    );
    if (changing.length !== 1) return source;
    source = changing[0];
  }
}
