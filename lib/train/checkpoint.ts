/** Training state on disk: one safetensors file, replaced as a whole. */

import {
  readSafetensorsHeader,
  readTensorsF32,
  writeSafetensors,
} from "../run/safetensors.ts";
import type { TrainState } from "./step.ts";

const PARTS = ["values", "first", "second", "averages"] as const;

/** A resumed run: its state and the numbers kept beside it. */
export interface Checkpoint {
  readonly state: TrainState;
  readonly extra: ReadonlyMap<string, Float32Array<ArrayBuffer>>;
  readonly metadata: Readonly<Record<string, string>>;
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
  const tensors = PARTS.flatMap((part) =>
    [...state[part]].map(([name, data]) => tensor(`${part}/${name}`, data))
  );
  for (const [name, data] of extra) tensors.push(tensor(`extra/${name}`, data));
  await writeSafetensors(path, tensors, {
    ...metadata,
    step: String(state.step),
  });
}

/** Reads a checkpoint written by {@link saveCheckpoint}. */
export async function loadCheckpoint(path: string): Promise<Checkpoint> {
  const header = await readSafetensorsHeader(path);
  const tensors = await readTensorsF32(header);
  const state: TrainState = {
    step: Number(header.metadata.step),
    values: new Map(),
    first: new Map(),
    second: new Map(),
    averages: new Map(),
  };
  const extra = new Map<string, Float32Array<ArrayBuffer>>();
  for (const [key, { data }] of tensors) {
    const slash = key.indexOf("/");
    const part = key.slice(0, slash);
    const name = key.slice(slash + 1);
    if (part === "extra") extra.set(name, data);
    else state[part as typeof PARTS[number]].set(name, data);
  }
  return { state, extra, metadata: header.metadata };
}
