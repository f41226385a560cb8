/** What the train command does once its arguments are understood. */

import { f32ToF16 } from "../run/half.ts";
import { createRng } from "../run/random.ts";
import {
  readSafetensorsHeader,
  readTensorsF32,
  writeSafetensors,
} from "../run/safetensors.ts";
import type { Checkpoint } from "../train/checkpoint.ts";
import {
  type BaseRun,
  parseConfig,
  type StageName,
  type TokenizerRun,
} from "../train/config.ts";
import {
  checkpointPath,
  findCheckpoint,
  type Progress,
  type Stage,
  trainLoop,
} from "../train/loop.ts";
import { createTrainState } from "../train/step.ts";
import { tokenizerStage } from "../train/tokenizer_stage.ts";
import { networkShapes } from "../train/shapes.ts";
import type { TrainRequest } from "./train.ts";

/** Trains until the end or Ctrl-C; true at the end. */
export async function trainStage(request: TrainRequest): Promise<boolean> {
  const { stage: name, folder } = request;
  const config = parseConfig(
    name,
    JSON.parse(await Deno.readTextFile(request.config)),
    request.config,
  );
  const { training } = config;
  const kept = await findCheckpoint(folder);
  if (kept && !request.resume) {
    throw new Error(
      `Cannot start the run in ${folder}: it holds a checkpoint of step ` +
        `${kept.state.step}; go on with --resume or choose another --name`,
    );
  }
  const { streamEmoji } = await import("../../datasets/stream.ts");
  const { stage, close } = await openStage(request, config, kept);
  const stop = new AbortController();
  const abort = () => stop.abort();
  Deno.addSignalListener("SIGINT", abort);
  try {
    const state = kept?.state ?? createTrainState(
      stage.parameters,
      createRng("init", training.seed),
      await initialWeights(request.init),
    );
    const parameters = [...state.values.values()].reduce(
      (sum, values) => sum + values.length,
      0,
    );
    console.log(
      `${name}: ${parameters.toLocaleString("en")} parameters, ` +
        `from step ${state.step}, in ${folder}`,
    );
    const totalSteps = request.steps ?? training.steps;
    const done = await trainLoop(stage, state, {
      folder,
      learningRate: {
        peak: training.learningRate,
        warmupSteps: training.warmupSteps,
        totalSteps,
        floor: training.floor,
      },
      logEvery: 25,
      sampleEvery: 500,
      checkpointSeconds: 180,
      metadata: { stage: name, config: JSON.stringify(config) },
      signal: stop.signal,
      report: (progress) => console.log(progressLine(progress, training.batch)),
    });
    await stage.close();
    return done >= totalSteps;
  } finally {
    close();
    Deno.removeSignalListener("SIGINT", abort);
  }
}

type Config = TokenizerRun | BaseRun;

/** Pictures at the size of the tokenizer that is trained or used. */
async function openStage(
  request: TrainRequest,
  config: Config,
  kept: Checkpoint | undefined,
): Promise<{ stage: Stage; close(): void }> {
  const { streamEmoji } = await import("../../datasets/stream.ts");
  const { batch } = config.training;
  if (request.stage === "tokenizer") {
    const { network, training } = config as TokenizerRun;
    const stream = streamEmoji({
      split: "train",
      size: network.imageSize,
      batch,
    });
    const stage = await tokenizerStage(network, training, stream, kept?.extra);
    return { stage, close: () => stream.close() };
  }
  const { openBaseStage } = await import("./train_base.ts");
  return await openBaseStage(request, config as BaseRun);
}

/** Values to start from, in place of random ones. */
async function initialWeights(
  path: string | undefined,
): Promise<Map<string, Float32Array>> {
  if (path === undefined) return new Map();
  const tensors = await readTensorsF32(await readSafetensorsHeader(path));
  return new Map([...tensors].map(([name, { data }]) => [name, data]));
}

/** Writes a run's averaged weights as float16, with its configuration. */
export async function exportWeights(
  folder: string,
  path: string,
): Promise<void> {
  const kept = await findCheckpoint(folder);
  if (!kept) {
    throw new Error(
      `Cannot export the run in ${folder}: it has no checkpoint; train first`,
    );
  }
  const config = parseConfig(
    kept.metadata.stage as StageName,
    JSON.parse(kept.metadata.config),
    checkpointPath(folder),
  );
  const shapes = networkShapes(kept.metadata.stage as StageName, config);
  const tensors = [...shapes].map(([name, shape]) => ({
    name,
    dtype: "F16" as const,
    shape,
    data: f32ToF16(kept.state.averages.get(name)!),
  }));
  await writeSafetensors(path, tensors, {
    stage: kept.metadata.stage,
    network: JSON.stringify(config.network),
    steps: String(kept.state.step),
  });
  console.log(`Wrote ${path}: step ${kept.state.step} of ${folder}`);
}

function progressLine(progress: Progress, batch: number): string {
  const { step, totalSteps, secondsPerStep, numbers } = progress;
  const left = (totalSteps - step) * secondsPerStep;
  const shown = Object.entries(numbers)
    .map(([name, value]) => `${name} ${value.toFixed(4)}`)
    .join("  ");
  const rate = (batch / secondsPerStep).toFixed(1);
  return `${step}/${totalSteps}  ${shown}  ${rate} pictures/s  ` +
    `${duration(left)} left`;
}

function duration(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  return minutes < 60
    ? `${minutes} min`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
