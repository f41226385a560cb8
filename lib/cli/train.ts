/** `train`: one stage of training, from a configuration to weights. */

import { join } from "node:path";
import { embeddedPath } from "../hub/embedded.ts";
import { cacheFolder } from "../run/cache_folder.ts";
import type { StageName } from "./train_configs.ts";
import {
  DATA_OPTIONS,
  DATA_USAGE,
  type DataRequest,
  readData,
} from "./train_data.ts";
import { UsageError } from "./errors.ts";
import { checkReadable, checkWritable } from "./files.ts";
import { type Options, readOrHelp } from "./options.ts";
import {
  checkTrained,
  readStage,
  readTokenizers,
  STAGES,
  type Tokenizers,
} from "./train_stages.ts";
import { readText, readWhole } from "./values.ts";

const USAGE = `Usage: train STAGE [options]

Trains one stage. A run is a folder with a checkpoint, a log (log.jsonl) and
pictures of its progress. Ctrl-C writes a checkpoint; the same command with
--resume goes on from it.

The stages, in order: tokenizer, tokenizer-high (of pictures twice as large),
base, superres, decoder (a larger one, for the same tokens). And the judge of
emoji scenes, which measures what their pictures show; its --export measures
the judge itself.

  --config FILE          the configuration (weights/mini/STAGE.json)
${DATA_USAGE}
  --runs FOLDER          where runs are kept ($XDG_CACHE_HOME/muselab/runs)
  --name NAME            name of this run (STAGE)
  --resume               go on from the run's checkpoint, if it has one; the
                         configuration has to be the same
  --init FILE            start a run from these weights
  --tokenizer FILE       of base, superres and judge
                         (weights/mini/tokenizer.safetensors)
  --tokenizer-high FILE  of superres and decoder
                         (weights/mini/tokenizer_high.safetensors)
  --steps N              train N steps in place of the configured number; with
                         --resume this may extend a run
  --export FILE          write the averaged weights and stop; goes with --runs,
                         --name and, for a decoder, --tokenizer-high
  --int8                 store matrices as int8 when exporting, else as float16
  --help                 this text
`;

/** What the command line asks for. */
export interface TrainRequest {
  readonly stage: StageName;
  /** Folder of the run. */
  readonly folder: string;
  readonly config: string;
  readonly resume: boolean;
  readonly init: string | undefined;
  /** The tokenizers that the stage reads. */
  readonly tokenizers: Tokenizers;
  /** Undefined for emoji. */
  readonly data: DataRequest | undefined;
  readonly steps: number | undefined;
}

const OPTIONS = {
  config: "value",
  ...DATA_OPTIONS,
  runs: "value",
  name: "value",
  resume: "flag",
  init: "value",
  tokenizer: "value",
  "tokenizer-high": "value",
  steps: "value",
  export: "value",
  int8: "flag",
  help: "flag",
} as const;

type TrainValues = Options<typeof OPTIONS>["values"];

/** Runs the command; returns its exit code. */
export async function run(args: string[]): Promise<number> {
  const read = readOrHelp(USAGE, OPTIONS, args);
  if (!read) return 0;
  const { values, positionals } = read;
  const name = readStage(positionals);
  const { stage, config } = STAGES[name];
  if (values.int8 && values.export === undefined) {
    throw new UsageError("--int8 says how to --export; give that too.");
  }
  const tokenizers = readTokenizers(name, values);
  const data = readData(values);
  if (data && stage === "judge") {
    throw new UsageError("--data is for other stages: a judge reads emoji.");
  }
  const runs = readText("runs", values.runs) ?? join(cacheFolder(), "runs");
  const folder = `${runs}/${readText("name", values.name) ?? name}`;
  if (values.export !== undefined) {
    await exportRun(values.export, values, { stage, folder, tokenizers });
    return 0;
  }
  checkFiles(values, tokenizers);
  checkWritable(`${folder}/log.jsonl`);
  const { trainStage } = await import("./train_run.ts");
  const done = await trainStage({
    stage,
    folder,
    config: values.config ?? embeddedPath(config),
    resume: values.resume,
    init: values.init,
    tokenizers,
    data,
    steps: values.steps === undefined
      ? undefined
      : readWhole("steps", values.steps, 1),
  });
  return done ? 0 : 130;
}

/** What only training asks for: a run's checkpoint has its configuration. */
const TRAINING_OPTIONS = [
  "config",
  "resume",
  "init",
  "steps",
  "data",
  "tokenizer",
  "tokenizer-high",
] as const;

/** Writes what a run has learned. */
async function exportRun(
  path: string,
  values: TrainValues,
  run: Pick<TrainRequest, "stage" | "folder" | "tokenizers">,
): Promise<void> {
  for (const option of TRAINING_OPTIONS) {
    // The encoder that a decoder is written with is in its tokenizer's file.
    const isRead = run.stage === "decoder" && option === "tokenizer-high";
    const value = values[option];
    if (isRead || value === undefined || value === false) continue;
    throw new UsageError(
      `--export writes what a run has learned and trains no further; leave ` +
        `out --${option}, or train first and export then.`,
    );
  }
  checkWritable(path);
  const { exportWeights } = await import("./train_export.ts");
  const storage = values.int8 ? "int8" : "float16";
  await exportWeights({ ...run, path, storage });
}

/** Refuses files that a training would miss later. */
function checkFiles(values: TrainValues, tokenizers: Tokenizers): void {
  const files = { config: values.config, init: values.init, ...tokenizers };
  checkTrained(tokenizers, values);
  for (const [option, path] of Object.entries(files)) {
    if (path !== undefined) checkReadable(option, path);
  }
}
