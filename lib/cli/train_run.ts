/** What the train command does once its arguments are understood. */

import { checkWeights } from "../run/check_weights.ts";
import { readWeightsF32 } from "../run/load_weights.ts";
import { createRng } from "../run/random.ts";
import { readSafetensorsHeader } from "../run/safetensors.ts";
import { type Checkpoint, findCheckpoint } from "../train/checkpoint.ts";
import {
  type BaseRun,
  readConfig,
  type TokenizerRun,
} from "../train/config.ts";
import type { LogLine } from "../train/log.ts";
import { type Stage, trainLoop } from "../train/loop.ts";
import { createTrainState, type TrainState } from "../train/step.ts";
import { tokenizerStage } from "../train/tokenizer_stage.ts";
import { DISCRIMINATOR } from "../vqgan/discriminator.ts";
import { duration } from "./status.ts";
import type { TrainRequest } from "./train.ts";

/** Steps between lines of the log, and between pictures. */
const LOG_EVERY = 25;
const SAMPLE_EVERY = 500;
const CHECKPOINT_SECONDS = 180;

/** A stage with what it reads from. */
export interface OpenStage {
  readonly stage: Stage;
  /** Frees all of it. */
  close(): Promise<void>;
}

type Config = TokenizerRun | BaseRun;

/** Trains until the end or Ctrl-C; true at the end. */
export async function trainStage(request: TrainRequest): Promise<boolean> {
  const { folder } = request;
  const config = await readConfig(request.stage, request.config);
  const kept = await findCheckpoint(folder);
  if (kept) checkRun(kept, request, config);
  const stop = new AbortController();
  const interrupt = () => {
    // The checkpoint on the disk is whole at any moment.
    if (stop.signal.aborted) Deno.exit(130);
    console.log("Stopping after this step; Ctrl-C again stops at once");
    stop.abort();
  };
  Deno.addSignalListener("SIGINT", interrupt);
  const { stage, close } = await openStage(request, config, kept);
  try {
    const state = kept?.state ?? await startState(stage, request, config);
    const totalSteps = request.steps ?? config.training.steps;
    const done = await trainOpened(stage, state, kept, {
      request,
      config,
      totalSteps,
      signal: stop.signal,
    });
    const finished = done >= totalSteps;
    console.log(
      finished
        ? `Done: ${done} steps, in ${folder}`
        : `Stopped after step ${done}; the same command with --resume goes on`,
    );
    return finished;
  } finally {
    await close();
    Deno.removeSignalListener("SIGINT", interrupt);
  }
}

/** A run, opened. */
interface Opened {
  readonly request: TrainRequest;
  readonly config: Config;
  readonly totalSteps: number;
  readonly signal: AbortSignal;
}

async function trainOpened(
  stage: Stage,
  state: TrainState,
  kept: Checkpoint | undefined,
  { request, config, totalSteps, signal }: Opened,
): Promise<number> {
  const { training } = config;
  const { stage: name, folder } = request;
  const parameters = [...state.values.values()]
    .reduce((sum, values) => sum + values.length, 0);
  console.log(
    `${name}: ${parameters.toLocaleString("en")} parameters, ` +
      `from step ${state.step}, in ${folder}`,
  );
  return await trainLoop(stage, state, {
    folder,
    learningRate: {
      peak: training.learningRate,
      warmupSteps: training.warmupSteps,
      totalSteps,
      floor: training.floor,
    },
    logEvery: LOG_EVERY,
    sampleEvery: SAMPLE_EVERY,
    checkpointSeconds: CHECKPOINT_SECONDS,
    metadata: { stage: name, config: JSON.stringify(config) },
    signal,
    report: (line) => console.log(printLine(line, totalSteps, training.batch)),
  }, kept);
}

/** Checks that the command goes on with the run that lies in the folder. */
function checkRun(
  { state, metadata }: Checkpoint,
  { stage, folder, resume }: TrainRequest,
  { network }: Config,
): void {
  if (!resume) {
    throw new Error(
      `Cannot start the run in ${folder}: it holds a checkpoint of step ` +
        `${state.step}; go on with --resume or choose another --name`,
    );
  }
  if (metadata.stage !== stage) {
    throw new Error(
      `Cannot go on with the run in ${folder}: it is of the stage ` +
        `${metadata.stage}, not ${stage}; choose another --name`,
    );
  }
  const before: Config["network"] = JSON.parse(metadata.config).network;
  if (JSON.stringify(before) !== JSON.stringify(network)) {
    throw new Error(
      `Cannot go on with the run in ${folder}: its network is ` +
        `${JSON.stringify(before)}, that of the configuration ` +
        `${JSON.stringify(network)}; choose another --name or --config`,
    );
  }
}

/** Opens the stage with its data. */
async function openStage(
  request: TrainRequest,
  config: Config,
  kept: Checkpoint | undefined,
): Promise<OpenStage> {
  if (request.stage === "base") {
    const { openBaseStage } = await import("./train_base.ts");
    return await openBaseStage(request, config as BaseRun);
  }
  const { network, training } = config as TokenizerRun;
  const { streamEmoji } = await import("../../datasets/stream.ts");
  const stream = streamEmoji({
    split: "train",
    size: network.imageSize,
    batch: training.batch,
  });
  const stage = await tokenizerStage(network, training, stream, kept?.extra);
  return {
    stage,
    async close() {
      stream.close();
      await stage.close();
    },
  };
}

/** The state of a new run: random, or from given weights. */
async function startState(
  stage: Stage,
  { init }: TrainRequest,
  { training: { seed } }: Config,
): Promise<TrainState> {
  const rng = createRng("init", seed);
  if (init === undefined) return createTrainState(stage.parameters, rng);
  const tensors = await readWeightsF32(await readSafetensorsHeader(init));
  // Weights for use come without the discriminator, which starts afresh.
  const own = stage.parameters.filter(({ op: { name } }) =>
    tensors.has(name) || !name.startsWith(`${DISCRIMINATOR}.`)
  );
  checkWeights(init, tensors, own);
  const given = new Map([...tensors].map(([name, { data }]) => [name, data]));
  return createTrainState(stage.parameters, rng, given);
}

function printLine(line: LogLine, totalSteps: number, batch: number): string {
  const { step, secondsPerStep, numbers } = line;
  const shown = Object.entries(numbers)
    .map(([name, value]) => `${name} ${value.toFixed(4)}`);
  const rate = (batch / secondsPerStep).toFixed(1);
  return [
    `${step}/${totalSteps}`,
    ...shown,
    `${rate} pictures/s`,
    `${duration((totalSteps - step) * secondsPerStep)} left`,
  ].join("  ");
}
