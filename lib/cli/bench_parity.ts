/** `bench parity`: published pipelines at full size, by random weights. */

import {
  AMUSED_JSON,
  type AmusedFigures,
  runAmused,
} from "../../eval/amused_run.ts";
import type { AmusedJson } from "../amused/random_amused.ts";
import { median } from "../run/timing.ts";
import { readOwnMerges } from "../text/clip_tokenizer.ts";
import type { Precision } from "../run/precision.ts";
import type { ThreadOptions } from "../run/session.ts";
import type { PrecisionLoss } from "../../eval/precision_loss.ts";
import { readOnlyOptions } from "./options.ts";
import { outputText } from "./output_text.ts";
import {
  readRuntime,
  runText,
  RUNTIME_OPTIONS,
  runtimeUsage,
} from "./runtime_args.ts";
import { createStatus } from "./status.ts";
import { readKnown, readText, readWhole } from "./values.ts";

const NAMES = Object.keys(AMUSED_JSON);

const USAGE = `Usage: bench parity [options]

Writes a pipeline of the published layout and size with random float32 weights
(3.5 GB), loads it and draws a picture, and measures the time of each part and
the most memory. In another precision than fp32 it also says how far logits and
tokens are from float32's.

  --model NAME        ${NAMES.join(" or ")} (${NAMES[0]})
  --steps N           decode steps, guided (12)
${runtimeUsage(20)}
  --low-memory        free the text encoder before the transformer is loaded
  --folder FOLDER     where to write; a temporary folder
  --json              the figures as JSON
  --help              this text
`;

/** What is run: configurations by name, and the merges of a tokenizer. */
interface Pipelines {
  readonly json: Readonly<Record<string, AmusedJson>>;
  merges(): Promise<readonly string[]>;
}

/** Runs the benchmark, on these pipelines; returns its exit code. */
export async function run(
  args: string[],
  pipelines: Pipelines = { json: AMUSED_JSON, merges: readOwnMerges },
): Promise<number> {
  const values = readOnlyOptions("bench parity", USAGE, {
    model: "value",
    steps: "value",
    ...RUNTIME_OPTIONS,
    "low-memory": "flag",
    folder: "value",
    json: "flag",
    help: "flag",
  }, args);
  if (!values) return 0;
  const model = readKnown("model", values.model ?? NAMES[0], NAMES);
  const lowMemory = values["low-memory"];
  const { precision = "fp32", threads, device } = readRuntime(values);
  const status = createStatus();
  const figures = await runAmused(pipelines.json[model], {
    steps: readWhole("steps", values.steps ?? "12", 1),
    ...{ lowMemory, precision, threads, device },
    merges: await pipelines.merges(),
    folder: readText("folder", values.folder),
    onPart: (part) => status.show(part),
  });
  status.clear();
  const title = `${model}${lowMemory ? ", low memory" : ""}`;
  console.log(
    outputText(
      values.json,
      { model, lowMemory, precision, threads, device, ...figures },
      () => figuresText(title, precision, figures, { threads, device }),
    ),
  );
  return 0;
}

function figuresText(
  title: string,
  precision: Precision,
  figures: AmusedFigures,
  run: ThreadOptions,
): string {
  const { parameters, load, firstStep, text, steps, picture } = figures;
  const { peakMb, loss } = figures;
  // The first step may load what it needs.
  const later = steps.length > 1 ? steps.slice(1) : steps;
  const rows: [string, number][] = [
    ["load", load],
    ["load to first step", firstStep],
    ["text", text],
    ["step, median", median(later)],
    ["VQ decode", picture],
  ];
  return [
    `${title}: ${(parameters / 1e6).toFixed(0)} M parameters, random, ` +
    `${precision}; ` +
    `${steps.length} steps; ${runText(run)}`,
    "",
    ...rows.map(([name, seconds]) =>
      `  ${name.padEnd(20)}${seconds.toFixed(2).padStart(9)} s`
    ),
    `  ${"peak memory".padEnd(20)}${
      peakMb.toFixed(0).padStart(9)
    } MB resident, ` +
    "pages of mapped files included",
    ...loss ? lossRows(loss) : [],
  ].join("\n");
}

function lossRows({ logits, tokens }: PrecisionLoss): string[] {
  const percent = (share: number) => (100 * share).toFixed(2).padStart(9);
  return [
    `  ${"error of logits".padEnd(20)}${percent(logits)} % of float32's`,
    `  ${"equal tokens".padEnd(20)}${percent(tokens)} % after all steps`,
  ];
}
