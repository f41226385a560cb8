/** Products with matrices that are held in few bits. */

import { isBatch } from "./dim.ts";
import {
  type LinearProduct,
  linearProduct,
  matrixOf,
} from "./linear_product.ts";
import { isKind, type Node } from "./node.ts";
import { type BlockForm, multiplyBlocks } from "./onnx_blocks.ts";
import {
  type ChannelForm,
  multiplyChannels,
  type RoundedRows,
} from "./onnx_channels.ts";
import type { Emitter } from "./onnx_emit.ts";

/** Matrices that serve the products of linear layers only. */
export type MatrixForm = BlockForm | ChannelForm;

/** The quantized matrices of a model that is being emitted. */
export class QuantizedMatrices {
  readonly #forms = new Map<Node, MatrixForm>();
  readonly #rounded = new Map<string, RoundedRows>();

  add(parameter: Node<"parameter">, form: MatrixForm): void {
    this.#forms.set(parameter, form);
  }

  /** Whether a node is such a matrix, which is no value of its own. */
  has(node: Node): boolean {
    const matrix = matrixOf(node);
    return this.#forms.has(node) ||
      matrix !== undefined && this.#forms.has(matrix);
  }

  /** Whether a node is a product with such a matrix. */
  serves(node: Node): boolean {
    const product = linearProduct(node);
    return product !== undefined && this.#forms.has(product.matrix);
  }

  /** @throws TypeError always: for a use that such a matrix doesn't serve */
  refuse(node: Node): never {
    const matrix = matrixOf(node) ?? node;
    const name = isKind(matrix, "parameter") ? matrix.op.name : "a value";
    const form = this.#forms.get(matrix)!;
    const bits = form.kind === "blocks" ? form.bits : 8;
    throw new TypeError(
      `Cannot use ${name} in int${bits}: it serves matrices [N,K] of linear ` +
        `layers only; give this weight in another form`,
    );
  }

  /** Emits a node that is a product with one of the matrices, if it is. */
  emit(
    node: Node,
    valueOf: (node: Node) => string,
    e: Emitter,
  ): string | undefined {
    const product = linearProduct(node);
    const form = product && this.#forms.get(product.matrix);
    if (!form) return undefined;
    const { x, isConv } = product;
    if (!isConv) return this.#multiply(node, product, form, valueOf(x), e);
    const [, channels, height, width] = node.shape as number[];
    const positions = e.emit("Transpose", [valueOf(x)], NHWC); // [B,H,W,K]
    const y = this.#multiply(node, product, form, positions, e); // [rows,N]
    const bias = e.emit("Add", [y, valueOf(node.inputs[2])]);
    const shape = e.integers([-1, height, width, channels]);
    return e.emit("Transpose", [e.emit("Reshape", [bias, shape])], NCHW);
  }

  #multiply(
    node: Node,
    { matrix, isConv }: LinearProduct,
    form: MatrixForm,
    x: string,
    e: Emitter,
  ): string {
    const [outputs] = matrix.shape as number[];
    const y = form.kind === "blocks"
      ? multiplyBlocks(matrix, form, x, e)
      : multiplyChannels(matrix, form, x, this.#rounded, e);
    if (isConv) return e.emit("Reshape", [y, e.integers([-1, outputs])]);
    if (form.kind === "blocks") return y;
    const shape = node.shape.map((dim) => isBatch(dim) ? -1 : dim);
    return e.emit("Reshape", [y, e.integers(shape)]);
  }
}

const NHWC = { perm: { ints: [0, 2, 3, 1] } };
const NCHW = { perm: { ints: [0, 3, 1, 2] } };
