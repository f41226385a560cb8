/** How the parameters of a graph are stored in few bits, by their uses. */

import { isKind, type Node, topologicalOrder } from "../graph/node.ts";
import type { BlockFormat } from "./blocks.ts";

/** The storage of a parameter. */
export type StoredForm =
  /** A matrix of linear layers. */
  | { readonly kind: "blocks"; readonly format: BlockFormat }
  /** A table of rows, so many values of which share a scale. */
  | { readonly kind: "int8"; readonly group: number }
  | { readonly kind: "float32" };

/** A parameter, and how it is stored. */
export interface StoredParameter {
  readonly shape: readonly number[];
  readonly form: StoredForm;
}

type Use = "linear" | "table" | "other";

/** Values of a table's row that share a scale, if they divide it. */
const TABLE_GROUP = 32;
/** Smaller tables stay as they are: of positions, of kinds of distances. */
const SMALLEST_TABLE = 1 << 16;

/**
 * The parameters that the outputs depend on, by name: matrices of linear layers
 * in blocks, large tables of rows in int8, all else in float32.
 */
export function storedForms(
  outputs: readonly Node[],
  formatOf: (name: string) => BlockFormat,
): Map<string, StoredParameter> {
  const uses = new Map<string, Set<Use>>();
  const shapes = new Map<string, readonly number[]>();
  const note = (node: Node, use: Use) => {
    if (!isKind(node, "parameter")) return;
    const { name } = node.op;
    shapes.set(name, node.shape as number[]);
    const known = uses.get(name) ?? new Set();
    uses.set(name, known.add(use));
  };
  for (const node of topologicalOrder(outputs)) {
    node.inputs.forEach((input, i) => note(input, useOf(node, i)));
  }
  for (const node of outputs) note(node, "other");
  return new Map(
    [...shapes].map(([name, shape]) => {
      const [use, ...others] = uses.get(name)!;
      const form = others.length > 0 ? FORMS.other : FORMS[use];
      return [name, { shape, form: form(shape, formatOf(name)) }];
    }),
  );
}

function useOf(node: Node, place: number): Use {
  if (isKind(node, "gather") && place === 0) return "table";
  const isLinear = isKind(node, "matmul") && place === 1 &&
    node.op.transposeB && !node.op.transposeA;
  return isLinear ? "linear" : "other";
}

const FORMS: Readonly<
  Record<Use, (shape: readonly number[], format: BlockFormat) => StoredForm>
> = {
  linear: (shape, format) =>
    shape.length === 2 && shape[1] % format.block === 0
      ? { kind: "blocks", format }
      : { kind: "float32" },
  table: ([rows, ...row]) => {
    const width = row.reduce((a, b) => a * b, 1);
    if (rows * width < SMALLEST_TABLE) return { kind: "float32" };
    return {
      kind: "int8",
      group: width % TABLE_GROUP === 0 ? TABLE_GROUP : width,
    };
  },
  other: () => ({ kind: "float32" }),
};
