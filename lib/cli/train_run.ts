/** What the train command does once its arguments are understood. */

import { join } from "node:path";
import type { JudgeRun } from "../../eval/probe/training_config.ts";
import { tokensHash } from "../hub/check_tokenizer.ts";
import { withLock } from "../hub/lock.ts";
import { keepFreedMemory } from "../run/keep_memory.ts";
import { type Checkpoint, findCheckpoint } from "../train/checkpoint.ts";
import type {
  BaseRun,
  DecoderRun,
  SuperresRun,
  TokenizerRun,
} from "../train/config.ts";
import { readConfig } from "../train/config_form.ts";
import type { LogLine } from "../train/log.ts";
import { type Stage, trainLoop } from "../train/loop.ts";
import type { TrainState } from "../train/state.ts";
import { tokenizerStage } from "../train/tokenizer_stage.ts";
import { duration } from "./status.ts";
import type { TrainRequest } from "./train.ts";
import { type Config, CONFIGS } from "./train_configs.ts";
import { pictureSource, type TrainData } from "./train_data.ts";
import { openOver } from "./train_open.ts";
import { checkRun } from "./train_resume.ts";
import type { TokenizerOption } from "./train_stages.ts";
import { startState } from "./train_start.ts";

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

/** What a stage is opened with. */
export interface StageContext {
  readonly request: TrainRequest;
  readonly data: TrainData;
  readonly kept: Checkpoint | undefined;
  /** SHA-256 of the tokenizers, by option: of what decides their tokens. */
  readonly hashes: Readonly<Partial<Record<TokenizerOption, string>>>;
  readonly signal: AbortSignal;
}

/**
 * Trains until the end or Ctrl-C; true at the end.
 * @throws Error if another process trains in the folder
 */
export async function trainStage(request: TrainRequest): Promise<boolean> {
  const { stage } = request;
  const config = await readConfig(CONFIGS[stage], stage, request.config);
  const data = await openData(request, config);
  const hashes: Record<string, string> = {};
  for (const [option, path] of Object.entries(request.tokenizers)) {
    // Another tokenizer's tokens mean something else.
    hashes[option] = await tokensHash(path);
  }
  const metadata: Record<string, string> = {
    stage,
    config: JSON.stringify(config),
    ...hashes,
    ...(data.record !== undefined && { data: data.record }),
  };
  const { folder } = request;
  const refuse = () => {
    throw new Error(
      `Cannot train in ${folder}: another process does; wait for its end, ` +
        `stop it, or give this run a --name of its own`,
    );
  };
  return await withLock(
    join(folder, ".lock"),
    refuse,
    () => trainLocked({ request, config, data, hashes, metadata }),
  );
}

/** What a run is of, before its folder is looked at. */
interface Asked extends Omit<StageContext, "kept" | "signal"> {
  readonly config: Config;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Trains in a folder that no other process trains in. */
async function trainLocked(
  { request, config, data, hashes, metadata }: Asked,
): Promise<boolean> {
  const { folder } = request;
  keepFreedMemory();
  const kept = await findCheckpoint(folder);
  if (kept) checkRun(kept, request, metadata);
  const stop = new AbortController();
  const interrupt = () => {
    // The checkpoint on the disk is whole at any moment.
    if (stop.signal.aborted) Deno.exit(130);
    console.log("Stopping after this step; Ctrl-C again stops at once");
    stop.abort();
  };
  Deno.addSignalListener("SIGINT", interrupt);
  let opened: OpenStage | undefined;
  try {
    const { signal } = stop;
    const context = { request, data, kept, hashes, signal };
    opened = await openStage(context, config);
    const { stage } = opened;
    await data.writeRecord(folder);
    const state = kept?.state ??
      await startState(stage.parameters, request, config);
    const totalSteps = request.steps ?? config.training.steps;
    const done = await trainOpened(stage, state, kept, {
      request,
      config,
      metadata,
      totalSteps,
      signal,
    });
    const finished = done >= totalSteps;
    console.log(
      finished
        ? `Done: ${done} steps, in ${folder}`
        : `Stopped after step ${done}; the same command with --resume` +
          `${request.init === undefined ? "" : " in place of --init"} goes on`,
    );
    return finished;
  } catch (error) {
    if (!(stop.signal.aborted && error === stop.signal.reason)) throw error;
    console.log("Stopped before the first step; what is computed is kept");
    return false;
  } finally {
    await opened?.close();
    Deno.removeSignalListener("SIGINT", interrupt);
  }
}

/** A run, opened. */
interface Opened {
  readonly request: TrainRequest;
  readonly config: Config;
  readonly metadata: Readonly<Record<string, string>>;
  readonly totalSteps: number;
  readonly signal: AbortSignal;
}

async function trainOpened(
  stage: Stage,
  state: TrainState,
  kept: Checkpoint | undefined,
  { request, config, metadata, totalSteps, signal }: Opened,
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
    metadata,
    signal,
    report: (line) => console.log(printLine(line, totalSteps, training.batch)),
  }, kept);
}

/** Opens the stage with its data. */
async function openStage(
  context: StageContext,
  config: Config,
): Promise<OpenStage> {
  switch (context.request.stage) {
    case "tokenizer":
      return await openTokenizerStage(context, config as TokenizerRun);
    case "base": {
      const { openBaseStage } = await import("./train_base.ts");
      return await openBaseStage(context, config as BaseRun);
    }
    case "superres": {
      const { openSuperresStage } = await import("./train_superres.ts");
      return await openSuperresStage(context, config as SuperresRun);
    }
    case "decoder": {
      const { openDecoderStage } = await import("./train_decoder.ts");
      return await openDecoderStage(context, config as DecoderRun);
    }
    case "judge": {
      const { openJudgeStage } = await import("./train_judge.ts");
      return await openJudgeStage(context.request, config as JudgeRun);
    }
  }
}

/** Opens what the run is trained on. */
async function openData(
  { data }: TrainRequest,
  { training: { seed } }: Config,
): Promise<TrainData> {
  if (data) {
    const { openPairData } = await import("./train_pairs.ts");
    return await openPairData(data, seed);
  }
  const { EMOJI_DATA } = await import("./train_emoji.ts");
  return EMOJI_DATA;
}

async function openTokenizerStage(
  { data, kept }: StageContext,
  { network, training }: TokenizerRun,
): Promise<OpenStage> {
  const source = pictureSource(data, network.imageSize, training.batch);
  return await openOver(
    source,
    () => tokenizerStage(network, training, source, kept?.extra),
  );
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
