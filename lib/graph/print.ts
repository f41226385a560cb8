/** Graphs as text, one line a node: `%7:float32[B,4] = mul %3 %5`. */

import { isBatch, printShape } from "./dim.ts";
import { type Node, topologicalOrder } from "./node.ts";

/**
 * Prints everything the outputs depend on. Nodes are numbered in order of
 * creation, from 0, so equal graphs print equally.
 */
export function printGraph(outputs: Readonly<Record<string, Node>>): string {
  const nodes = topologicalOrder(Object.values(outputs));
  const number = new Map(nodes.map((node, i) => [node, i]));
  const lines = nodes.map((node) => {
    const inputs = node.inputs.map((input) => ` %${number.get(input)}`).join(
      "",
    );
    return `%${number.get(node)}:${printType(node)} = ` +
      `${node.op.kind}${inputs}${printAttributes(node)}`;
  });
  for (const [name, node] of Object.entries(outputs)) {
    lines.push(`return ${name} %${number.get(node)}`);
  }
  return lines.join("\n");
}

/** Type and shape of a node: `float32[B,256]`. */
export function printType(node: Node): string {
  return `${node.dtype}${printShape(node.shape)}`;
}

function printAttributes(node: Node): string {
  return Object.entries(node.op)
    .filter(([key]) => key !== "kind")
    .map(([key, value]) => ` ${key}=${printValue(value)}`)
    .join("");
}

function printValue(value: unknown): string {
  if (ArrayBuffer.isView(value)) {
    const values = [...(value as unknown as Iterable<number>)];
    const shown = values.slice(0, 4).map((v) => Number(v.toPrecision(6)));
    return `[${shown.join(",")}${values.length > 4 ? ",…" : ""}]`;
  }
  if (Array.isArray(value)) {
    return value.some((v) =>
        typeof v === "string" && isBatch(v as `${number}B`)
      )
      ? printShape(value)
      : `[${value.join(",")}]`;
  }
  return String(value);
}
