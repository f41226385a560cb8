/** Training state on disk: one safetensors file, replaced as a whole. */

import type { Node } from "../graph/node.ts";
import { product } from "../graph/dim.ts";
import {
  readSafetensorsHeader,
  readTensorsF32,
  writeSafetensors,
} from "../run/safetensors.ts";
import { STATE_PARTS, type TrainState } from "./state.ts";

/** A resumed run: its state and the numbers kept beside it. */
export interface Checkpoint {
  readonly state: TrainState;
  readonly extra: ReadonlyMap<string, Float32Array<ArrayBuffer>>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Where a run keeps its state. */
export function checkpointPath(folder: string): string {
  return `${folder}/checkpoint.safetensors`;
}

/** Writes the state so that a kill at any moment leaves a whole file. */
export async function saveCheckpoint(
  path: string,
  state: TrainState,
  extra: ReadonlyMap<string, Float32Array<ArrayBuffer>>,
  metadata: Readonly<Record<string, string>>,
): Promise<void> {
  const tensor = (name: string, data: Float32Array<ArrayBuffer>) => ({
    name,
    dtype: "F32" as const,
    shape: [data.length],
    data,
  });
  const tensors = STATE_PARTS.flatMap((part) =>
    [...state[part]].map(([name, data]) => tensor(`${part}/${name}`, data))
  );
  for (const [name, data] of extra) tensors.push(tensor(`extra/${name}`, data));
  await writeSafetensors(path, tensors, {
    ...metadata,
    step: String(state.step),
  });
}

/**
 * Reads a checkpoint written by {@link saveCheckpoint}.
 *
 * @throws Error naming the file if it is damaged or no checkpoint
 */
export async function loadCheckpoint(path: string): Promise<Checkpoint> {
  const header = await readSafetensorsHeader(path);
  const { metadata } = header;
  const step = Number(metadata.step);
  if (!Number.isSafeInteger(step) || step < 0) {
    throw new Error(
      `Cannot go on from ${path}: its metadata has no number of steps; ` +
        `it is no checkpoint of a training run`,
    );
  }
  const state: TrainState = {
    step,
    values: new Map(),
    first: new Map(),
    second: new Map(),
    averages: new Map(),
  };
  const extra = new Map<string, Float32Array<ArrayBuffer>>();
  for (const [key, { data }] of await readTensorsF32(header)) {
    const slash = key.indexOf("/");
    const name = key.slice(slash + 1);
    const part = STATE_PARTS.find((known) => known === key.slice(0, slash));
    (part ? state[part] : extra).set(name, data);
  }
  return { state, extra, metadata };
}

/** The run's checkpoint, or undefined if it has none yet. */
export async function findCheckpoint(
  folder: string,
): Promise<Checkpoint | undefined> {
  try {
    await Deno.stat(checkpointPath(folder));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  return await loadCheckpoint(checkpointPath(folder));
}

/**
 * Checks that a state is that of the given parameters.
 *
 * @param path where it comes from, for the error
 * @throws Error naming what is missing, unexpected or of another size
 */
export function checkState(
  path: string,
  state: TrainState,
  parameters: readonly Node<"parameter">[],
): void {
  const wanted = new Map(
    parameters.map(({ op, shape }) => [op.name, product(shape) as number]),
  );
  const faults = STATE_PARTS.flatMap((part) => [
    ...[...wanted].flatMap(([name, length]) => {
      const found = state[part].get(name)?.length;
      if (found === length) return [];
      return [`${part}/${name} has ${found ?? "no"} values, wanted ${length}`];
    }),
    ...[...state[part].keys()].filter((name) => !wanted.has(name))
      .map((name) => `${part}/${name} is unexpected`),
  ]);
  if (faults.length === 0) return;
  throw new Error(
    `Cannot go on from ${path}: it is not the state of this network; go on ` +
      `with the run's own configuration or start another run\n  ` +
      faults.slice(0, 12).join("\n  ") +
      (faults.length > 12 ? `\n  and ${faults.length - 12} more` : ""),
  );
}

/** Removes what a write of the checkpoint that was killed left behind. */
export async function removeLeftovers(folder: string): Promise<void> {
  const beginning = `${checkpointPath("")}.`.slice(1);
  for await (const { name } of Deno.readDir(folder)) {
    if (name.startsWith(beginning) && name.endsWith(".part")) {
      await Deno.remove(`${folder}/${name}`);
    }
  }
}
