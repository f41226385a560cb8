/** Runs of toy stages in a folder of their own, for tests of the trainers. */

import assert from "node:assert/strict";
import { createRng } from "../run/random.ts";
import { withFolder } from "../run/temp_folder.ts";
import { type Checkpoint, findCheckpoint } from "./checkpoint.ts";
import type { LogLine } from "./log.ts";
import { type Stage, trainLoop } from "./loop.ts";
import { createTrainState, type TrainState } from "./state.ts";

/** What happened in a run, or a part of one. */
export interface ToyRun {
  /** The numbers of each step, from the first that was run. */
  readonly numbers: readonly Readonly<Record<string, number>>[];
  readonly lines: readonly LogLine[];
  readonly state: TrainState;
  /** The step the run is at. */
  readonly done: number;
}

/** How a toy run goes. */
export interface ToyOptions {
  readonly folder: string;
  readonly steps: number;
  /** Stops the run, as Ctrl-C does, when this step is done. */
  readonly stopAfter?: number;
  readonly learningRate?: number;
  readonly logEvery?: number;
  readonly sampleEvery?: number;
}

/** Starts the run in the folder, or goes on with it. */
export async function runToy(
  open: (kept: Checkpoint | undefined) => Promise<Stage>,
  options: ToyOptions,
): Promise<ToyRun> {
  const { folder, steps, stopAfter, learningRate = 0.01 } = options;
  const kept = await findCheckpoint(folder);
  const stage = await open(kept);
  const state = kept?.state ??
    createTrainState(stage.parameters, createRng("toy"));
  const numbers: Readonly<Record<string, number>>[] = [];
  const lines: LogLine[] = [];
  const stop = new AbortController();
  const observed: Stage = {
    ...stage,
    observe(state, results) {
      numbers.push(stage.observe(state, results));
      if (state.step === stopAfter) stop.abort();
      return numbers.at(-1)!;
    },
  };
  try {
    const done = await trainLoop(observed, state, {
      folder,
      learningRate: {
        peak: learningRate,
        warmupSteps: 2,
        totalSteps: steps,
        floor: 0.1,
      },
      logEvery: options.logEvery ?? 4,
      sampleEvery: options.sampleEvery ?? 1e9,
      checkpointSeconds: 1e9,
      metadata: {},
      signal: stop.signal,
      report: (line) => lines.push(line),
    }, kept);
    return { numbers, lines, state, done };
  } finally {
    await stage.close();
  }
}

/** The lines of a run's log, without what depends on the clock. */
export async function readLog(folder: string): Promise<unknown[]> {
  const text = await Deno.readTextFile(`${folder}/log.jsonl`);
  return text.trimEnd().split("\n").map((line) => {
    const { secondsPerStep: _, ...rest } = JSON.parse(line);
    return rest;
  });
}

/** The runs that {@linkcode compareStops} made. */
export interface StoppedRuns {
  readonly whole: ToyRun;
  readonly parts: readonly ToyRun[];
}

/**
 * Runs a stage as a whole and with stops after these steps, and asserts that
 * both are the same, to the bit.
 */
export async function compareStops(
  open: (kept: Checkpoint | undefined) => Promise<Stage>,
  folder: string,
  stops: readonly number[],
  options: Pick<ToyOptions, "steps" | "logEvery">,
): Promise<StoppedRuns> {
  const [first, second] = [`${folder}/whole`, `${folder}/parts`];
  const whole = await runToy(open, { folder: first, ...options });
  const parts: ToyRun[] = [];
  for (const stopAfter of [...stops, undefined]) {
    parts.push(await runToy(open, { folder: second, stopAfter, ...options }));
  }
  assert.deepEqual(parts.flatMap(({ numbers }) => numbers), whole.numbers);
  assert.deepEqual(parts.at(-1)!.state, whole.state);
  assert.deepEqual(await readLog(second), await readLog(first));
  return { whole, parts };
}

/** Gives a test a folder that is removed after it. */
export function inFolder(
  use: (folder: string) => Promise<void>,
): () => Promise<void> {
  return () => withFolder(use);
}
