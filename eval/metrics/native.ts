/**
 * Products of fp64 matrices by ONNX Runtime. The graph core has no such type,
 * since no network does: the few programs here are written as ONNX directly.
 */

import { InferenceSession, Tensor } from "../../lib/run/ort.ts";
import {
  type OnnxAttribute,
  type OnnxInitializer,
  type OnnxNode,
  writeModel,
} from "../../lib/graph/onnx_proto.ts";
import type { ThreadOptions } from "../../lib/run/session.ts";
import type { Matrix } from "./matrix.ts";

const OPSETS = { "": 21 };

/** Matrices in, one matrix out. */
interface Program {
  /** Names of the inputs; all are matrices. */
  readonly inputs: readonly string[];
  readonly nodes: readonly OnnxNode[];
  /** Fixed numbers that the nodes use. */
  readonly constants?: Readonly<Record<string, bigint[] | number>>;
}

function node(
  type: string,
  inputs: readonly string[],
  output: string,
  attributes: Readonly<Record<string, OnnxAttribute>> = {},
): OnnxNode {
  return { type, domain: "", inputs, outputs: [output], attributes };
}

const YES = { int: 1 };
const MINUS = { float: -1 };

const PROGRAMS = {
  /** a bᵀ: of every row of one with every row of the other. */
  rowProducts: {
    inputs: ["a", "b"],
    nodes: [node("Gemm", ["a", "b"], "result", { transB: YES })],
  },
  /** s + xᵀ x */
  addSquare: {
    inputs: ["x", "s"],
    nodes: [node("Gemm", ["x", "x", "s"], "result", { transA: YES })],
  },
  /** s - xᵀ x */
  subtractSquare: {
    inputs: ["x", "s"],
    nodes: [
      node("Gemm", ["x", "x", "s"], "result", { transA: YES, alpha: MINUS }),
    ],
  },
  /**
   * Qᵀ a Q without its first rows and columns, as many as v has columns, for
   * Q = I - v t vᵀ of the rest. With y = a v t and w = y - v (tᵀ vᵀ y) / 2 that
   * is a - w vᵀ - v wᵀ, one product with w and v side by side.
   */
  reflect: {
    inputs: ["a", "v", "t"],
    constants: { axes: [0n, 1n], one: [1n], minusHalf: -0.5 },
    nodes: [
      node("Shape", ["a"], "size"),
      node("Shape", ["t"], "start"),
      node("Slice", ["a", "start", "size", "axes"], "rest"),
      node("MatMul", ["rest", "v"], "av"),
      node("MatMul", ["av", "t"], "y"),
      node("Gemm", ["v", "y"], "vy", { transA: YES }),
      node("Gemm", ["t", "vy"], "tvy", { transA: YES }),
      node("Mul", ["tvy", "minusHalf"], "half"),
      node("Gemm", ["v", "half", "y"], "w"),
      node("Concat", ["w", "v"], "wv", { axis: YES }),
      node("Concat", ["v", "w"], "vw", { axis: YES }),
      node("Gemm", ["wv", "vw", "rest"], "result", {
        transB: YES,
        alpha: MINUS,
      }),
    ],
  },
} satisfies Record<string, Program>;

/** The programs' names. */
export type ProgramName = keyof typeof PROGRAMS;

/** Runs a program on the matrices that it names. */
export type RunProgram<Name extends ProgramName> = (
  matrices: Readonly<Record<typeof PROGRAMS[Name]["inputs"][number], Matrix>>,
) => Promise<Matrix>;

/** Lends a program, compiled, for as long as `use` takes. */
export async function withProgram<Name extends ProgramName, Result>(
  name: Name,
  { threads = navigator.hardwareConcurrency }: ThreadOptions,
  use: (run: RunProgram<Name>) => Promise<Result>,
): Promise<Result> {
  const session = await InferenceSession.create(compile(PROGRAMS[name]), {
    executionProviders: ["cpu"],
    intraOpNumThreads: threads,
    logSeverityLevel: 3,
  });
  try {
    return await use(async (matrices) => {
      const feeds = Object.fromEntries(
        Object.entries<Matrix>(matrices).map(([name, matrix]) => [
          name,
          new Tensor("float64", matrix.data, [matrix.rows, matrix.columns]),
        ]),
      );
      const { result } = await session.run(feeds);
      const [rows, columns] = result.dims;
      return { rows, columns, data: result.data as Float64Array };
    });
  } finally {
    await session.release();
  }
}

function compile({ inputs, nodes, constants = {} }: Program): Uint8Array {
  const initializers: OnnxInitializer[] = Object.entries(constants).map(
    ([name, value]) =>
      typeof value === "number"
        ? {
          name,
          type: "float64",
          shape: [],
          data: { bytes: bytesOf(Float64Array.of(value)) },
        }
        : {
          name,
          type: "int64",
          shape: [value.length],
          data: { bytes: bytesOf(BigInt64Array.from(value)) },
        },
  );
  const matrix = (name: string) => ({
    name,
    type: "float64" as const,
    shape: [`${name} rows`, `${name} columns`],
  });
  return writeModel({
    nodes,
    initializers,
    inputs: inputs.map(matrix),
    outputs: [matrix("result")],
  }, OPSETS);
}

function bytesOf({ buffer }: Float64Array | BigInt64Array): Uint8Array {
  return new Uint8Array(buffer);
}
