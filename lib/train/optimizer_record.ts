/** What PyTorch's optimizers did, for tests of ours to follow. */

import type { Node } from "../graph/node.ts";
import type { Values } from "../graph/op.ts";
import { assertClose } from "../run/assert_close.ts";
import { compute, type Executor } from "../run/compute.ts";
import {
  type FloatTensor,
  readSafetensorsHeader,
  readTensorsF32,
} from "../run/safetensors.ts";

/** Steps of a record, counted from 1; "0/NAME" is a parameter before them. */
export const STEPS = 6;

/** Gives the tensors of a file of testdata by name, such as "2/gradient/bias". */
export async function readRecord(
  file: string,
): Promise<(name: string) => FloatTensor> {
  const { pathname } = new URL(`testdata/${file}`, import.meta.url);
  const tensors = await readTensorsF32(await readSafetensorsHeader(pathname));
  return (name) => tensors.get(name)!;
}

type Results = Readonly<Record<string, Float32Array>>;

/** How a record is followed. */
export interface Following {
  readonly by: Executor;
  /** What is kept of a parameter from step to step, such as "first". */
  readonly moments: readonly string[];
  readonly tolerance: number;
  /** What is fed besides parameters, moments and gradients. */
  feeds(step: number): Readonly<Record<string, Values>>;
  /** Looks at what else the graph gives. */
  check?(results: Results, step: number): void;
}

/**
 * Goes through the steps of a record and compares all of them.
 *
 * @param update a graph of one: of inputs `NAME`, `MOMENT/NAME`,
 * `gradient/NAME` and what is fed besides to outputs `NAME`, `MOMENT/NAME`
 */
export async function followRecord(
  recorded: (name: string) => FloatTensor,
  names: readonly string[],
  update: Readonly<Record<string, Node>>,
  { by, moments, tolerance, feeds, check = () => {} }: Following,
): Promise<void> {
  const state: Record<string, Values> = {};
  for (const name of names) {
    state[name] = recorded(`0/${name}`).data;
    const zeros = new Float32Array(state[name].length);
    for (const moment of moments) state[`${moment}/${name}`] = zeros;
  }
  for (let step = 1; step <= STEPS; step++) {
    const gradients = names.map((name) =>
      [`gradient/${name}`, recorded(`${step}/gradient/${name}`).data] as const
    );
    const tensors = await compute(
      update,
      { ...state, ...Object.fromEntries(gradients), ...feeds(step) },
      { by },
    );
    const results = Object.fromEntries(
      Object.entries(tensors)
        .map(([name, tensor]) => [name, tensor.dataSync<"float32">()]),
    );
    check(results, step);
    for (const key of Object.keys(state)) {
      const wanted = recorded(`${step}/${key}`).data;
      const about = () => `${key}, step ${step}`;
      assertClose(results[key], wanted, tolerance, about);
      state[key] = results[key];
    }
  }
}
