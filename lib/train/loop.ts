/**
 * The training loop: steps, log, checkpoints, pictures, and a clean stop. It
 * knows no network; a stage brings its step and its data.
 */

import type { Node } from "../graph/node.ts";
import type { Values } from "../graph/op.ts";
import type { HostTensor } from "../run/session.ts";
import {
  type Checkpoint,
  loadCheckpoint,
  saveCheckpoint,
} from "./checkpoint.ts";
import { type LearningRate, learningRateAt } from "./learning_rate.ts";
import type { TrainState, TrainStep } from "./step.ts";

/** What a stage of training brings. */
export interface Stage {
  /** Everything that is trained at some time of the run. */
  readonly parameters: readonly Node<"parameter">[];
  /** The compiled step for this moment of the run. */
  stepAt(step: number): Promise<TrainStep>;
  /** Data of a step, counted from 0: a pure function of its number. */
  feeds(step: number): Promise<Readonly<Record<string, Values>>>;
  /** Takes note of a step's results; returns numbers for the log. */
  observe(
    state: TrainState,
    results: Readonly<Record<string, HostTensor>>,
  ): Readonly<Record<string, number>>;
  /** What a checkpoint keeps besides the state. */
  extra(): ReadonlyMap<string, Float32Array<ArrayBuffer>>;
  /** Writes a picture of the progress beside the log. */
  sample(state: TrainState, path: string): Promise<void>;
  /** Frees what the stage holds. */
  close(): Promise<void>;
}

/** How long to train and what to leave behind on the way. */
export interface LoopOptions {
  /** Folder of the run. */
  readonly folder: string;
  readonly learningRate: LearningRate;
  readonly logEvery: number;
  readonly sampleEvery: number;
  /** Seconds between checkpoints. */
  readonly checkpointSeconds: number;
  /** Configuration, kept in the checkpoint as text. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Stops after the step under way, with a checkpoint. */
  readonly signal: AbortSignal;
  /** Told after every logged step. */
  report(progress: Progress): void;
}

/** One line of the log. */
export interface Progress {
  readonly step: number;
  readonly totalSteps: number;
  readonly learningRate: number;
  readonly secondsPerStep: number;
  readonly numbers: Readonly<Record<string, number>>;
}

/** Where a run keeps its state. */
export function checkpointPath(folder: string): string {
  return `${folder}/checkpoint.safetensors`;
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

/** Trains until the last step or the signal. Returns the steps done. */
export async function trainLoop(
  stage: Stage,
  state: TrainState,
  options: LoopOptions,
): Promise<number> {
  const { folder, learningRate, signal } = options;
  await Deno.mkdir(folder, { recursive: true });
  const save = () =>
    saveCheckpoint(
      checkpointPath(folder),
      state,
      stage.extra(),
      options.metadata,
    );
  const sums = new Map<string, number>();
  let counted = 0;
  let since = performance.now();
  let saved = performance.now();
  while (state.step < learningRate.totalSteps && !signal.aborted) {
    const rate = learningRateAt(learningRate, state.step);
    const step = await stage.stepAt(state.step);
    const feeds = await stage.feeds(state.step);
    const results = await step.run(state, feeds, rate);
    const numbers = stage.observe(state, results);
    for (const [name, value] of Object.entries(numbers)) {
      sums.set(name, (sums.get(name) ?? 0) + value);
    }
    counted++;
    const last = state.step === learningRate.totalSteps;
    if (state.step % options.logEvery === 0 || last) {
      const progress = {
        step: state.step,
        totalSteps: learningRate.totalSteps,
        learningRate: rate,
        secondsPerStep: (performance.now() - since) / 1000 / counted,
        numbers: Object.fromEntries(
          [...sums].map(([name, sum]) => [name, sum / counted]),
        ),
      };
      await appendLog(`${folder}/log.jsonl`, progress);
      options.report(progress);
      sums.clear();
      counted = 0;
      since = performance.now();
    }
    if (state.step % options.sampleEvery === 0 || last) {
      const number = String(state.step).padStart(7, "0");
      await stage.sample(state, `${folder}/${number}.png`);
    }
    if (performance.now() - saved > options.checkpointSeconds * 1000) {
      await save();
      saved = performance.now();
    }
  }
  await save();
  return state.step;
}

async function appendLog(path: string, progress: Progress): Promise<void> {
  const { step, learningRate, secondsPerStep, numbers } = progress;
  const rounded = Object.entries({ learningRate, secondsPerStep, ...numbers })
    .map(([name, value]) => [name, Number(value.toPrecision(6))]);
  const line = { step, ...Object.fromEntries(rounded) };
  await Deno.writeTextFile(path, `${JSON.stringify(line)}\n`, { append: true });
}
