/** How the parameters of a graph are stored in few bits, by their uses. */

import { linearProduct, matrixOf } from "../graph/linear_product.ts";
import { isKind, type Node, topologicalOrder } from "../graph/node.ts";
import { type BlockFormat, BLOCKS } from "./blocks.ts";
import type { Precision } from "./precision.ts";

/** The storage of a parameter. */
export type StoredForm =
  /** A matrix of linear layers, in blocks of a row. */
  | { readonly kind: "blocks"; readonly format: BlockFormat }
  /** A matrix of linear layers, with a scale for each output. */
  | { readonly kind: "channels" }
  /** A table of rows, so many values of which share a scale. */
  | { readonly kind: "int8"; readonly group: number }
  | { readonly kind: "float16" }
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
/** With fewer inputs or outputs, to round costs more than it saves. */
const NARROWEST = 64;

const FLOAT32: StoredForm = { kind: "float32" };

/** A precision of few bits, or of half as many. */
export type StoredPrecision = Exclude<Precision, "fp32">;

/**
 * The parameters that the outputs depend on, by name.
 *
 * - int8: matrices of linear layers with a scale for each output, those that
 *   are `sensitive` in blocks of 8 bits.
 * - int4: matrices in blocks of 4 bits, those that are sensitive of 8 bits.
 * - fp16-storage: all in float16.
 *
 * Of few bits, large tables of rows are in int8, and all else in float32.
 */
export function storedForms(
  outputs: readonly Node[],
  precision: StoredPrecision,
  sensitive: (name: string) => boolean,
): Map<string, StoredParameter> {
  const forms = new Map<string, StoredParameter>();
  for (const [name, { shape, uses }] of parameterUses(outputs)) {
    const [use, ...others] = uses;
    const isOne = others.length === 0;
    const form: StoredForm = precision === "fp16-storage"
      ? { kind: "float16" }
      : isOne && use === "table"
      ? tableForm(shape)
      : isOne && use === "linear"
      ? MATRIX_FORMS[precision](shape, sensitive(name))
      : FLOAT32;
    forms.set(name, { shape, form });
  }
  return forms;
}

const MATRIX_FORMS: Readonly<
  Record<
    "int8" | "int4",
    (shape: readonly number[], sensitive: boolean) => StoredForm
  >
> = {
  int8: (shape, sensitive) =>
    sensitive
      ? blockForm(shape, BLOCKS.int8)
      : shape[0] >= NARROWEST && shape[1] >= NARROWEST
      ? { kind: "channels" }
      : FLOAT32,
  int4: (shape, sensitive) =>
    blockForm(shape, sensitive ? BLOCKS.int8 : BLOCKS.int4),
};

function blockForm(
  [, columns]: readonly number[],
  format: BlockFormat,
): StoredForm {
  return columns % format.block === 0 ? { kind: "blocks", format } : FLOAT32;
}

function tableForm([rows, ...row]: readonly number[]): StoredForm {
  const width = row.reduce((a, b) => a * b, 1);
  if (rows * width < SMALLEST_TABLE) return FLOAT32;
  return {
    kind: "int8",
    group: width % TABLE_GROUP === 0 ? TABLE_GROUP : width,
  };
}

interface Used {
  readonly shape: readonly number[];
  readonly uses: Set<Use>;
}

function parameterUses(outputs: readonly Node[]): Map<string, Used> {
  const found = new Map<string, Used>();
  const note = (node: Node, use: Use) => {
    const parameter = matrixOf(node) ?? node;
    if (!isKind(parameter, "parameter")) return;
    const shape = parameter.shape as number[];
    const used = found.get(parameter.op.name) ?? { shape, uses: new Set() };
    used.uses.add(use);
    found.set(parameter.op.name, used);
  };
  for (const node of topologicalOrder(outputs)) {
    if (matrixOf(node)) continue; // what uses it counts
    const product = linearProduct(node);
    node.inputs.forEach((input, i) => {
      const isTable = isKind(node, "gather") && i === 0;
      note(input, product && i === 1 ? "linear" : isTable ? "table" : "other");
    });
  }
  for (const node of outputs) note(node, "other");
  return found;
}
