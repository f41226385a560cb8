/** Compiles a graph to an ONNX model. */

import { batchFactor, isBatch, type Shape } from "./dim.ts";
import { checkLeafNames } from "./leaf_names.ts";
import { isKind, leaves, type Node, topologicalOrder } from "./node.ts";
import { onnxForms } from "./onnx_forms.ts";
import { emitGemm, planGemms } from "./onnx_gemm.ts";
import { gatherInt8, type Int8Form, widenInt8 } from "./onnx_int8.ts";
import { type MatrixForm, QuantizedMatrices } from "./onnx_quantized.ts";
import {
  type OnnxAttribute,
  type OnnxInitializer,
  type OnnxNode,
  type OnnxType,
  type OnnxValue,
  writeModel,
} from "./onnx_proto.ts";

/**
 * The newest versions the pinned runtime supports. It makes the same kernels of
 * our networks from 23 as from 26, so that neither is the faster one.
 */
const OPSETS = { "": 26, "com.microsoft": 1 };

/** How a parameter enters the model. */
export type ParameterForm =
  /** Fed at each run, like an input, under its own name. */
  | { readonly kind: "input" }
  /** Read from a file where it lies. */
  | {
    readonly kind: "external";
    readonly type: "float32" | "float16" | "bfloat16";
    readonly location: string;
    readonly offset: number;
    readonly length: number;
  }
  /** The same in int8; widened where it is used. */
  | Int8Form
  /** In 4 or 8 bits, for linear layers only. */
  | MatrixForm;

/** A compiled graph. */
export interface OnnxModel {
  readonly bytes: Uint8Array;
  /** What must be fed: inputs, and parameters of the form "input". */
  readonly inputs: readonly Node<"input" | "parameter">[];
  /** The model's own name of each output. */
  readonly outputNames: Readonly<Record<string, string>>;
}

/**
 * Compiles everything the outputs depend on.
 * @throws RangeError for a name that two leaves have
 */
export function emitOnnx(
  outputs: Readonly<Record<string, Node>>,
  parameterForm: (parameter: Node<"parameter">) => ParameterForm,
): OnnxModel {
  const roots = Object.values(outputs);
  const emitter = new Emitter(leaves(roots, "input"));
  const { inputs, valueOf } = emitNodes(roots, parameterForm, emitter);
  const results: OnnxValue[] = [];
  const outputNames: Record<string, string> = {};
  for (const [name, node] of Object.entries(outputs)) {
    const value = emitter.result(valueOf(node), outputNames);
    results.push({ name: value, ...valueType(node) });
    outputNames[name] = value;
  }
  const bytes = writeModel({
    nodes: emitter.nodes,
    initializers: emitter.initializers,
    inputs: inputs.map((node) => ({ name: node.op.name, ...valueType(node) })),
    outputs: results,
  }, OPSETS);
  return { bytes, inputs, outputNames };
}

/** Emits all nodes in order; tells what has to be fed, and nodes' names. */
function emitNodes(
  roots: readonly Node[],
  parameterForm: (parameter: Node<"parameter">) => ParameterForm,
  emitter: Emitter,
): Pick<OnnxModel, "inputs"> & { valueOf(node: Node): string } {
  const order = topologicalOrder(roots);
  checkLeafNames(order);
  const forms = new Map<Node, Exclude<ParameterForm, MatrixForm>>();
  const matrices = new QuantizedMatrices();
  for (const node of order) {
    if (!isKind(node, "parameter")) continue;
    const form = parameterForm(node);
    if (form.kind === "blocks" || form.kind === "channels") {
      matrices.add(node, form);
    } else forms.set(node, form);
  }
  const { gemms, inside } = planGemms(
    order,
    roots,
    (product) => matrices.serves(product),
  );
  const fed = new Map<string, Node<"input" | "parameter">>();
  const names = new Map<Node, string>();
  const int8 = new Map<Node, Int8Form>();
  const valueOf = (node: Node): string => {
    if (matrices.has(node)) matrices.refuse(node);
    const name = names.get(node) ?? widenInt8(node, int8.get(node)!, emitter);
    names.set(node, name);
    return name;
  };
  for (const node of order) {
    if (inside.has(node) || matrices.has(node)) continue;
    const gemm = gemms.get(node);
    if (gemm) {
      names.set(node, emitGemm(gemm, valueOf, emitter));
    } else if (isKind(node, "input")) {
      fed.set(node.op.name, node);
      names.set(node, node.op.name);
    } else if (isKind(node, "parameter")) {
      const form = forms.get(node)!;
      if (form.kind === "input") fed.set(node.op.name, node);
      if (form.kind === "int8") int8.set(node, form);
      else names.set(node, emitter.parameter(node, form));
    } else if (isKind(node, "gather") && int8.has(node.inputs[0])) {
      const [table, ids] = node.inputs;
      const form = int8.get(table)!;
      names.set(node, gatherInt8(node, form, valueOf(ids), emitter));
    } else {
      const product = matrices.emit(node, valueOf, emitter);
      names.set(
        node,
        product ?? onnxForms[node.op.kind](
          node as never,
          node.inputs.map(valueOf),
          emitter,
        ),
      );
    }
  }
  return { inputs: [...fed.values()], valueOf };
}

function valueType(node: Node): { type: OnnxType; shape: (number | string)[] } {
  return { type: node.dtype, shape: [...node.shape] };
}

/**
 * Collects the nodes and initializers of one model. Names that it makes up
 * begin with % or #, which checkLeafNames() keeps free.
 */
export class Emitter {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: OnnxInitializer[] = [];
  readonly #batchSource: Node<"input"> | undefined;
  readonly #shared = new Map<string, string>();

  constructor(inputs: readonly Node<"input">[]) {
    this.#batchSource = inputs.find((node) => node.shape.some(isBatch));
  }

  /** Adds an operation and returns the name of its result. */
  emit(
    type: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
    { domain = "" }: { readonly domain?: string } = {},
  ): string {
    const name = `%${this.nodes.length}`;
    this.nodes.push({ type, domain, inputs, outputs: [name], attributes });
    return name;
  }

  /**
   * A value as a result of the model: itself if an operation made it and it
   * is not a result yet, else a copy.
   */
  result(value: string, taken: Readonly<Record<string, string>>): string {
    const own = this.nodes.some((node) => node.outputs[0] === value);
    return own && !Object.values(taken).includes(value)
      ? value
      : this.emit("Identity", [value]);
  }

  /** Adds a small fixed tensor, once for equal contents. */
  constant(
    type: OnnxType,
    shape: readonly number[],
    values: ArrayBufferView<ArrayBuffer>,
  ): string {
    const bytes = new Uint8Array(
      values.buffer,
      values.byteOffset,
      values.byteLength,
    );
    const small = bytes.length <= 64;
    const key = small ? `${type}[${shape}]${bytes}` : "";
    const shared = small && this.#shared.get(key);
    if (shared) return shared;
    const name = `#${this.initializers.length}`;
    if (small) this.#shared.set(key, name);
    this.initializers.push({ name, type, shape, data: { bytes } });
    return name;
  }

  /** A vector of 64-bit integers, as ONNX wants shapes and axes. */
  integers(values: readonly number[]): string {
    return this.constant(
      "int64",
      [values.length],
      BigInt64Array.from(values, (value) => BigInt(value)),
    );
  }

  /** A shape as a vector; B is read from an input at each run. */
  shape(shape: Shape): string {
    if (!shape.some(isBatch)) return this.integers(shape as number[]);
    const parts = shape.map((dim) =>
      isBatch(dim) ? this.#batch(batchFactor(dim)) : this.integers([dim])
    );
    return this.emit("Concat", parts, { axis: { int: 0 } });
  }

  #batch(factor: number): string {
    const source = this.#batchSource;
    if (!source) {
      throw new RangeError(
        "Cannot emit a graph with a symbolic batch: none of its inputs has it",
      );
    }
    const axis = source.shape.findIndex(isBatch);
    const size = this.emit("Shape", [source.op.name], {
      start: { int: axis },
      end: { int: axis + 1 },
    });
    const unit = batchFactor(source.shape[axis] as `${number}B`);
    const scaled = this.emit("Mul", [size, this.integers([factor])]);
    return this.emit("Div", [scaled, this.integers([unit])]);
  }

  /** Declares a parameter; half precision is widened where it is used. */
  parameter(
    node: Node<"parameter">,
    form: Exclude<ParameterForm, Int8Form | MatrixForm>,
  ): string {
    const { name } = node.op;
    if (form.kind === "input") return name;
    const declared = this.#shared.get(`parameter ${name}`);
    if (declared) return declared;
    const value = this.#external(node, form);
    this.#shared.set(`parameter ${name}`, value);
    return value;
  }

  #external(
    node: Node<"parameter">,
    form: ParameterForm & { readonly kind: "external" },
  ): string {
    const { name } = node.op;
    const { type, location, offset, length } = form;
    this.initializers.push({
      name,
      type,
      shape: node.shape as number[],
      data: { location, offset, length },
    });
    if (type === "float32") return name;
    return this.emit("Cast", [name], { to: { int: 1 } });
  }
}
