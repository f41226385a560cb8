/** Runs graphs with ONNX Runtime. */

import { InferenceSession, Tensor } from "./ort.ts";
import { bindShape } from "../graph/dim.ts";
import { leaves, type Node } from "../graph/node.ts";
import { emitOnnx } from "../graph/onnx_emit.ts";
import type { DType, Values } from "../graph/op.ts";
import type { Device } from "./device.ts";
import { checkInto, findBatch } from "./feeds.ts";
import { onDevice } from "./on_device.ts";
import { bytesInMemory, parameterForm } from "./parameter_form.ts";
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
   * don't hold is fed like an input. What the graph doesn't read is let be.
   *
   * An output named in `into` is written there. The buffer may be that of a
   * feed if the graph reads the feed no more once the output is computed.
   * @throws RangeError for a feed that is missing or doesn't fit, for feeds of
   * different batches, and for what `into` has and no output fits
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
  checkThreads(threads);
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
        externalData: bytesInMemory(used),
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
      checkInto(into, outputs, batch);
      const tensors = Object.fromEntries(model.inputs.map((node) => {
        const { name } = node.op;
        return [name, nativeTensor(node, feeds[name], batch)];
      }));
      const names = Object.entries(model.outputNames);
      const fetches = Object.fromEntries(names.map(([name, value]) => {
        const data = into[name];
        return [value, data ? nativeTensor(outputs[name], data, batch) : null];
      }));
      const results = await native.run(tensors, fetches);
      return Object.fromEntries(
        names.map(([name, value]) => [name, hostTensor(results[value])]),
      );
    },
    stopProfiling: () => native.endProfiling(),
    release: () => released ??= native.release(),
  };
}

function checkThreads(threads: number): void {
  if (Number.isInteger(threads) && threads >= 1) return;
  throw new RangeError(
    `Cannot compile the graph for ${threads} threads: wanted a whole number ` +
      `from 1 on`,
  );
}

function nativeTensor(
  { dtype, shape }: Node,
  data: Values,
  batch = 1,
): Tensor {
  return new Tensor(dtype, data, bindShape(shape, batch));
}

function hostTensor(tensor: Tensor): HostTensor {
  return {
    dtype: tensor.type as DType,
    shape: tensor.dims,
    data: tensor.data as Values,
  };
}
