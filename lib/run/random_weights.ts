/** Weights that nobody trained, for tests and benchmarks. */

import { leaves, type Node } from "../graph/node.ts";
import { createRng } from "./random.ts";
import {
  type FloatTensor,
  type SafetensorsEntry,
  writeSafetensorsPieces,
} from "./safetensors.ts";

/** Weights in memory, by name. */
export type MemoryWeights = Map<
  string,
  FloatTensor & { readonly kind: "memory" }
>;

/**
 * Normal random numbers for everything that the outputs depend on, the same at
 * every call.
 *
 * @param deviation of the numbers, 1 by default; or a function of the shape
 */
export function randomWeights(
  key: string,
  outputs: Iterable<Node>,
  deviation: number | ((shape: readonly number[]) => number) = 1,
): MemoryWeights {
  const rng = createRng(key);
  return new Map(
    leaves(outputs, "parameter").map(({ op: { name }, shape }) => {
      const sizes = shape as number[];
      const scale = typeof deviation === "number"
        ? deviation
        : deviation(sizes);
      const data = Float32Array.from(
        { length: sizes.reduce((a, b) => a * b, 1) },
        () => scale * rng.normal(),
      );
      return [name, { kind: "memory", shape: sizes, data }];
    }),
  );
}

/** The values alone, as sessions are fed. */
export function weightFeeds(
  weights: MemoryWeights,
): Record<string, Float32Array> {
  return Object.fromEntries(
    [...weights].map(([name, { data }]) => [name, data]),
  );
}

/** The weights as float32 tensors of a file. */
export function weightEntries(weights: MemoryWeights): SafetensorsEntry[] {
  return [...weights].map(([name, { shape, data }]) => (
    { name, dtype: "F32", shape, data }
  ));
}

/** Values that all tensors of a file are made of: many take long to draw. */
const DRAWN = 2 ** 20;

/**
 * Writes float32 weights of all that the outputs depend on, as
 * {@linkcode writeRandomTensors}.
 *
 * @returns the number of parameters
 */
export async function writeRandomWeights(
  path: string,
  outputs: Iterable<Node>,
  key: string,
): Promise<number> {
  const shapes = new Map(
    leaves(outputs, "parameter").map(({ op: { name }, shape }) =>
      [name, shape as number[]] as const
    ),
  );
  return await writeRandomTensors(path, shapes, { key });
}

/**
 * Writes float32 weights of these shapes in pieces: normal by the fan-in, ones
 * for the scales of norms, zeros for biases. All is on the disk then: one that
 * still writes would slow what is measured next.
 *
 * @returns the number of parameters
 */
export async function writeRandomTensors(
  path: string,
  shapes: ReadonlyMap<string, readonly number[]>,
  { key, metadata }: {
    readonly key: string;
    readonly metadata?: Readonly<Record<string, string>>;
  },
): Promise<number> {
  const rng = createRng(key);
  const drawn = Float32Array.from({ length: DRAWN }, () => rng.normal());
  // The runtime holds equal matrices once, which no trained network has.
  const tensors = [...shapes].map(([name, shape], i) => (
    { name, dtype: "F32", shape, start: i * 104_729 % DRAWN } as const
  ));
  type Tensor = (typeof tensors)[number];
  await writeSafetensorsPieces(
    path,
    tensors,
    function* ({ name, shape, start }: Tensor) {
      const count = product(shape);
      const deviation = 1 / Math.sqrt(count / shape[0]);
      const fill = name.endsWith(".bias") ? 0 : 1;
      let from = start;
      for (let left = count; left > 0; from = 0) {
        const piece = drawn.subarray(from, from + left);
        const values = shape.length > 1
          ? piece.map((value) => value * deviation)
          : new Float32Array(piece.length).fill(fill);
        yield new Uint8Array(values.buffer);
        left -= piece.length;
      }
    },
    metadata,
  );
  return [...shapes.values()].reduce((sum, shape) => sum + product(shape), 0);
}

function product(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}
