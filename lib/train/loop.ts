/**
 * The training loop: steps, log, checkpoints, pictures, and a clean stop. It
 * knows no network; a stage brings its step and its data.
 */

import type { Node } from "../graph/node.ts";
import type { Values } from "../graph/op.ts";
import type { HostTensor } from "../run/session.ts";
import {
  type Checkpoint,
  checkpointPath,
  checkState,
  removeLeftovers,
  saveCheckpoint,
} from "./checkpoint.ts";
import { checkFinite } from "./finite.ts";
import { type LearningRate, learningRateAt } from "./learning_rate.ts";
import { type LogLine, openLog } from "./log.ts";
import type { TrainState } from "./state.ts";
import type { TrainStep } from "./step.ts";

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
  /** Numbers for the log of what is kept out of training, if anything is. */
  validate?(state: TrainState): Promise<Readonly<Record<string, number>>>;
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
  /** Told after every line of the log. */
  report(line: LogLine): void;
}

/** Name of the checkpoint's field for steps that no line of the log covers. */
const WINDOW = "logWindow";

/**
 * Trains until the last step or the signal. Returns the steps done.
 *
 * @param state what to train; that of `kept` in a resumed run
 * @param kept the checkpoint of the run so far
 * @throws Error if the state isn't that of the stage's parameters, and if a
 * number of the log is not finite: the last checkpoint is left as it is
 */
export async function trainLoop(
  stage: Stage,
  state: TrainState,
  options: LoopOptions,
  kept?: Checkpoint,
): Promise<number> {
  const { folder, learningRate, signal } = options;
  const path = checkpointPath(folder);
  checkState(path, state, stage.parameters);
  await Deno.mkdir(folder, { recursive: true });
  await removeLeftovers(folder);
  const window = kept?.metadata[WINDOW];
  const log = await openLog(
    `${folder}/log.jsonl`,
    state.step,
    window === undefined ? undefined : JSON.parse(window),
  );
  const save = () =>
    saveCheckpoint(path, state, stage.extra(), {
      ...options.metadata,
      [WINDOW]: JSON.stringify(log.window()),
    });
  const beginAgain =
    `export the weights of an earlier step (${path} is left as it was) and ` +
    `start another run from them with a lower learning rate`;
  let saved = performance.now();
  while (state.step < learningRate.totalSteps && !signal.aborted) {
    const rate = learningRateAt(learningRate, state.step);
    const step = await stage.stepAt(state.step);
    const feeds = await stage.feeds(state.step);
    const numbers = stage.observe(state, await step.run(state, feeds, rate));
    checkFinite(numbers, state.step, beginAgain);
    log.add(numbers);
    const last = state.step === learningRate.totalSteps;
    const isSample = state.step % options.sampleEvery === 0 || last;
    if (isSample && stage.validate) log.note(await stage.validate(state));
    if (state.step % options.logEvery === 0 || last) {
      options.report(await log.write(state.step, rate));
    }
    if (isSample) {
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
