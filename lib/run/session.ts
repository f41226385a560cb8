/** Runs graphs with ONNX Runtime. */

import { InferenceSession, Tensor } from "./ort.ts";
import { bindShape, isBatch, printShape } from "../graph/dim.ts";
import { leaves, type Node } from "../graph/node.ts";
import { emitOnnx, type ParameterForm } from "../graph/onnx_emit.ts";
import type { DType, Values } from "../graph/op.ts";
import { BLOCKS } from "./blocks.ts";
import type { Device } from "./device.ts";
import { onDevice } from "./on_device.ts";
import type { Weights } from "./weights.ts";
import { bringTogether } from "./weights_together.ts";

/** A tensor in host memory, row by row. */
export interface HostTensor {
  /** Type of the elements. */
  readonly dtype: DType;
  /** Lengths of the axes. */
  readonly shape: readonly number[];
  /** The elements; a bool is 0 or 1. */
  readonly data: Values;
}

/** A compiled graph, ready to run at any batch size. */
export interface Session {
  /**
   * Runs the graph. Feeds are given by input name; a parameter the weights
   * don't hold is fed like an input.
   *
   * An output named in `into` is written there. The buffer may be that of a
   * feed if the graph reads the feed no more once the output is computed.
   */
  run(
    feeds: Readonly<Record<string, Values>>,
    into?: Readonly<Record<string, Values>>,
  ): Promise<Record<string, HostTensor>>;
  /** Ends the profile, which is then a Chrome trace in a file. */
  stopProfiling(): void;
  /** Frees the native memory, once; run() refuses afterwards. */
  release(): Promise<void>;
}

/** What sessions may use of the machine. */
export interface ThreadOptions {
  /** Threads of one operation; every core by default. Results don't change. */
  readonly threads?: number;
  /** What computes; the processor by default. */
  readonly device?: Device;
}

/** Choices of one session. */
export interface SessionOptions extends ThreadOptions {
  /** Writes a profile to a file whose path starts so. */
  readonly profilePrefix?: string;
}

const NO_WEIGHTS: Weights = new Map();

/**
 * Compiles the outputs and everything they depend on. Weights stay in their
 * files; only if some that the outputs need are in memory, all of those are
 * read into it.
 * @throws RangeError for a weight of another shape than its parameter, for
 * a name that two leaves have, and for a number of threads that is none; Error
 * naming what a device needs that can't be had
 */
export async function createSession(
  outputs: Readonly<Record<string, Node>>,
  weights: Weights = NO_WEIGHTS,
  options: SessionOptions = {},
): Promise<Session> {
  const threads = options.threads ?? navigator.hardwareConcurrency;
  if (!Number.isInteger(threads) || threads < 1) {
    throw new RangeError(
      `Cannot compile the graph for ${threads} threads: wanted a whole ` +
        `number from 1 on`,
    );
  }
  const parameters = leaves(Object.values(outputs), "parameter");
  const names = new Set(parameters.map(({ op }) => op.name));
  const used = await bringTogether(weights, names);
  const model = emitOnnx(outputs, (node) => parameterForm(node, used));
  const root = Deno.build.os === "windows" ? Deno.cwd().slice(0, 3) : "/";
  const { device = "cpu" } = options;
  const native = await onDevice(
    device,
    () =>
      InferenceSession.create(model.bytes, {
        executionProviders: [device],
        intraOpNumThreads: threads,
        graphOptimizationLevel: "all",
        logSeverityLevel: 3,
        externalData: inMemory(used),
        enableProfiling: options.profilePrefix !== undefined,
        profileFilePrefix: options.profilePrefix ?? "",
        extra: {
          session: { model_external_initializers_file_folder_path: root },
        },
      }),
  );
  let released: Promise<void> | undefined;
  return {
    async run(feeds, into = {}) {
      if (released) {
        throw new Error(
          "Cannot run the graph: its session was released; make another " +
            "with createSession()",
        );
      }
      const batch = findBatch(model.inputs, feeds);
      const tensors: Record<string, Tensor> = {};
      for (const node of model.inputs) {
        const data = feeds[node.op.name];
        tensors[node.op.name] = feedTensor(node, data, batch);
      }
      const fetches: Record<string, Tensor | null> = {};
      for (const [name, value] of Object.entries(model.outputNames)) {
        const data = into[name];
        fetches[value] = data ? feedTensor(outputs[name], data, batch) : null;
      }
      const results = await native.run(tensors, fetches);
      return Object.fromEntries(
        Object.entries(model.outputNames).map(([name, value]) =>
          [name, hostTensor(results[value])] as const
        ),
      );
    },
    stopProfiling: () => native.endProfiling(),
    release: () => released ??= native.release(),
  };
}

function parameterForm(
  node: Node<"parameter">,
  weights: Weights,
): ParameterForm {
  const weight = weights.get(node.op.name);
  if (!weight) return { kind: "input" };
  // In blocks, the sides of a 1x1 kernel are left out.
  const wanted = weight.kind === "blocks" ? node.shape.slice(0, 2) : node.shape;
  if (printShape(weight.shape) !== printShape(wanted)) {
    throw new RangeError(
      `Cannot use the weight ${node.op.name}: found shape ` +
        `${printShape(weight.shape)}, wanted ${printShape(wanted)}`,
    );
  }
  switch (weight.kind) {
    case "file": {
      const { type, offset, length } = weight;
      const location = belowRoot(weight.path);
      return { kind: "external", type, location, offset, length };
    }
    case "int8": {
      const { offset, length, scales } = weight;
      const location = belowRoot(weight.path);
      return { kind: "int8", location, offset, length, scales };
    }
    case "blocks": {
      const { bits, block, offset, length } = weight;
      const location = belowRoot(weight.path);
      const values = { location, offset, length };
      const scales = { location, ...weight.scales };
      return { kind: "blocks", bits, block, values, scales };
    }
    case "channels": {
      const { offset, length } = weight;
      const location = belowRoot(weight.path);
      const values = { location, offset, length };
      return {
        kind: "channels",
        values,
        scales: { location, ...weight.scales },
      };
    }
    case "int4": {
      const place = (location: string, data: Uint8Array | Float32Array) => ({
        location,
        offset: 0,
        length: data.byteLength,
      });
      return {
        kind: "blocks",
        values: place(node.op.name, weight.values),
        scales: place(int4Scales(node.op.name), weight.scales),
        ...BLOCKS.int4,
      };
    }
    case "memory":
      return {
        kind: "external",
        type: "float32",
        location: node.op.name,
        offset: 0,
        length: weight.data.byteLength,
      };
  }
}

/** A full path without the root that comes before it. */
function belowRoot(path: string): string {
  return path.replace(/^(\/|[A-Za-z]:[\\/])/, "");
}

/** Where the runtime finds the scales of an int4 matrix. */
function int4Scales(name: string): string {
  return `${name} scales`;
}

function inMemory(weights: Weights): { path: string; data: Uint8Array }[] {
  const bytes = ({ buffer, byteOffset, byteLength }: ArrayBufferView) =>
    new Uint8Array(buffer, byteOffset, byteLength);
  return [...weights].flatMap(([path, weight]) => {
    if (weight.kind === "memory") return [{ path, data: bytes(weight.data) }];
    if (weight.kind !== "int4") return [];
    return [
      { path, data: weight.values },
      { path: int4Scales(path), data: bytes(weight.scales) },
    ];
  });
}

/** The batch size that explains the length of the fed arrays. */
function findBatch(
  inputs: readonly Node<"input" | "parameter">[],
  feeds: Readonly<Record<string, Values>>,
): number {
  const node = inputs.find(({ shape }) => shape.some(isBatch));
  if (!node) return 1;
  const unit = bindShape(node.shape, 1).reduce((a, b) => a * b, 1);
  return (feeds[node.op.name]?.length ?? unit) / unit;
}

function feedTensor(node: Node, data: Values | undefined, batch: number) {
  const name = "name" in node.op ? node.op.name : "output";
  const shape = bindShape(node.shape, batch);
  const wanted = shape.reduce((a, b) => a * b, 1);
  if (!Number.isInteger(batch) || data?.length !== wanted) {
    throw new RangeError(
      `Cannot run the graph: ${name} has ${data?.length ?? "no"} values, ` +
        `wanted ${node.dtype}${printShape(node.shape)}` +
        (Number.isInteger(batch) ? ` with B = ${batch}` : ""),
    );
  }
  return new Tensor(node.dtype, data, shape);
}

function hostTensor(tensor: Tensor): HostTensor {
  return {
    dtype: tensor.type as DType,
    shape: tensor.dims,
    data: tensor.data as Values,
  };
}
