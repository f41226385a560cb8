/** `train`: one stage of training, from a configuration to weights. */

import { parseArgs } from "node:util";
import type { StageName } from "../train/config.ts";
import { UsageError } from "./errors.ts";

const USAGE = `Usage: train STAGE [options]

Trains one stage; STAGE is tokenizer or base. A run is a folder with a
checkpoint, a log (log.jsonl) and pictures of its progress. Ctrl-C writes a
checkpoint; the same command with --resume goes on from it.

  --config FILE      the configuration (weights/mini/STAGE.json)
  --runs FOLDER      where runs are kept ($XDG_CACHE_HOME/muselab/runs)
  --name NAME        name of this run (STAGE)
  --resume           go on from the run's checkpoint
  --init FILE        start from these weights
  --tokenizer FILE   tokenizer of the base stage
                     (weights/mini/tokenizer.safetensors)
  --steps N          stop after N steps in place of the configured number
  --export FILE      write the averaged weights as float16 and stop
  --help             this text
`;

/** Where runs are kept unless the user says otherwise. */
function defaultRuns(): string {
  const cache = Deno.env.get("XDG_CACHE_HOME") ??
    `${Deno.env.get("HOME") ?? Deno.env.get("USERPROFILE") ?? "."}/.cache`;
  return `${cache}/muselab/runs`;
}

/** Runs the command; returns its exit code. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parse(args);
  if (values.help) {
    console.log(USAGE.trimEnd());
    return 0;
  }
  const [stage, ...rest] = positionals;
  if (rest.length > 0 || (stage !== "tokenizer" && stage !== "base")) {
    throw new UsageError(
      `Cannot train "${positionals.join(" ")}": the stages are tokenizer ` +
        `and base`,
    );
  }
  const folder = `${values.runs ?? defaultRuns()}/${values.name ?? stage}`;
  const { exportWeights, trainStage } = await import("./train_run.ts");
  if (values.export !== undefined) {
    await exportWeights(folder, values.export);
    return 0;
  }
  const done = await trainStage({
    stage,
    folder,
    config: values.config ?? `weights/mini/${stage}.json`,
    resume: values.resume,
    init: values.init,
    tokenizer: values.tokenizer,
    steps: parseSteps(values.steps),
  });
  return done ? 0 : 130;
}

/** What the command line asks for. */
export interface TrainRequest {
  readonly stage: StageName;
  readonly folder: string;
  readonly config: string;
  readonly resume: boolean;
  readonly init: string | undefined;
  readonly tokenizer: string;
  readonly steps: number | undefined;
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        config: { type: "string" },
        runs: { type: "string" },
        name: { type: "string" },
        resume: { type: "boolean", default: false },
        init: { type: "string" },
        tokenizer: {
          type: "string",
          default: "weights/mini/tokenizer.safetensors",
        },
        steps: { type: "string" },
        export: { type: "string" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function parseSteps(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const steps = Number(text);
  if (Number.isInteger(steps) && steps >= 1) return steps;
  throw new UsageError(`--steps wants a whole number from 1 on, not ${text}`);
}
