/** `bench paper`: networks of the paper's sizes, by random weights. */

import {
  type PaperFigures,
  type PaperSizes,
  runPaper,
} from "../../eval/paper_run.ts";
import {
  BASE_3B,
  BASE_632M,
  SUPERRES_268M,
  SUPERRES_TABLE_6,
  TOKENIZER_FINETUNED,
} from "../muse/paper.ts";
import { readOnlyOptions } from "./options.ts";
import { outputText } from "./output_text.ts";
import { readRuntime, runText, threadUsage } from "./runtime_args.ts";
import type { ThreadOptions } from "../run/session.ts";
import { createStatus } from "./status.ts";
import { readKnown, readWhole } from "./values.ts";

/** What can be run. */
const SYSTEMS: Readonly<Record<string, PaperSizes>> = {
  "cc3m": {
    base: BASE_632M,
    superres: SUPERRES_268M,
    tokenizer: TOKENIZER_FINETUNED,
    storage: "float32",
  },
  "3b": {
    base: BASE_3B,
    superres: SUPERRES_TABLE_6,
    tokenizer: TOKENIZER_FINETUNED,
    storage: "int4",
  },
};

const NAMES = Object.keys(SYSTEMS);

const USAGE = `Usage: bench paper [options]

Draws one picture of 512 px with networks of the paper's sizes and random
weights, and measures the time and the memory of each part. Text states are
random too: T5-XXL is not among the networks.

  --system NAME       cc3m, 632M and 268M parameters in float32, or 3b, Tables 4
                      and 6 with matrices in int4 (cc3m)
  --steps N           decode steps of the base (24)
  --superres-steps N  decode steps of super-resolution (8)
${threadUsage(20)}
  --json              the figures as JSON
  --help              this text
`;

/** Runs the benchmark, on these systems; returns its exit code. */
export async function run(
  args: string[],
  systems: Readonly<Record<string, PaperSizes>> = SYSTEMS,
): Promise<number> {
  const values = readOnlyOptions("bench paper", USAGE, {
    system: "value",
    steps: "value",
    "superres-steps": "value",
    threads: "value",
    device: "value",
    json: "flag",
    help: "flag",
  }, args);
  if (!values) return 0;
  const name = readKnown("system", values.system ?? NAMES[0], NAMES);
  const steps = readWhole("steps", values.steps ?? "24", 1);
  const superresSteps = readWhole(
    "superres-steps",
    values["superres-steps"] ?? "8",
    1,
  );
  const { threads, device } = readRuntime({ ...values, precision: undefined });
  const status = createStatus();
  const figures = await runPaper(systems[name], {
    ...{ steps, superresSteps, threads, device },
    onPart: (part) => status.show(part),
  });
  status.clear();
  const { storage } = systems[name];
  const settings = {
    ...{ system: name, storage, steps, superresSteps, threads, device },
  };
  console.log(
    outputText(
      values.json,
      { ...settings, ...figures },
      () => figuresText(settings, figures),
    ),
  );
  return 0;
}

function figuresText(
  { system, storage, steps, superresSteps, ...run }: {
    readonly system: string;
    readonly storage: string;
    readonly steps: number;
    readonly superresSteps: number;
  } & ThreadOptions,
  { parameters, size, parts }: PaperFigures,
): string {
  return [
    `${system}: ${(parameters / 1e6).toFixed(0)} M parameters, random, ` +
    `${storage}; ${steps} and ${superresSteps} steps to ${size} px; ` +
    runText(run),
    "",
    ...parts.map(({ name, seconds, residentMb }) =>
      `  ${name.padEnd(18)}${seconds.toFixed(1).padStart(9)} s` +
      `${residentMb.toFixed(0).padStart(9)} MB`
    ),
  ].join("\n");
}
