/** `bench` and `bench throughput`: systems, part by part. */

import os from "node:os";
import { measureSystems } from "../../eval/throughput/measure_systems.ts";
import { findDevices } from "../../eval/throughput/find_devices.ts";
import type { Row } from "../../eval/throughput/measure.ts";
import type { Systems } from "../../eval/throughput/part.ts";
import {
  PUBLISHED_CAVEATS,
  PUBLISHED_TIMES,
} from "../../eval/throughput/published.ts";
import type { Job, Runner } from "../../eval/throughput/runner.ts";
import { SYSTEMS } from "../../eval/throughput/systems.ts";
import { DEVICES } from "../run/device.ts";
import { PRECISIONS } from "../run/precision.ts";
import { publishedLines, rowLines } from "./bench_rows.ts";
import { readOnlyOptions } from "./options.ts";
import { outputText } from "./output_text.ts";
import { createStatus } from "./status.ts";
import { readKnownList, readText, readWhole } from "./values.ts";

/** Options that say what is measured, and how. */
export const SYSTEM_OPTIONS = {
  only: "value",
  batch: "value",
  steps: "value",
  precision: "value",
  runs: "value",
  threads: "value",
  device: "value",
  folder: "value",
  compare: "value",
  json: "flag",
  help: "flag",
} as const;

/** The same of them, for a usage. */
export const OPTIONS_TEXT = `  --only NAMES       of ${
  wrapped(Object.keys(SYSTEMS))
}
  --batch N,…        pictures or texts at a time (1; 8 or 16 for features)
  --steps N,…        decode steps of whole pictures (the model's own number)
  --precision NAMES  of ${PRECISIONS.join(", ")} (fp32 and int8; int4
                     too of T5, no fp32 of t5-xxl, no int8 of inception)
  --runs N           measured runs of each part, after two more (5)
  --threads N        threads of an operation (one a core)
  --device NAMES     of ${DEVICES.join(", ")} (all that this
                     machine has)
  --folder FOLDER    where random weights are written; a temporary folder
  --compare PYTHON   takes turns with the reference implementations that this
                     Python has: diffusers, transformers, pytorch-fid
  --json             the figures as JSON
  --help             this text`;

/** Four to a line, beside what options are called. */
function wrapped(names: readonly string[]): string {
  const lines = names.map((name, i) => {
    const isLast = i === names.length - 1;
    if (isLast) return name;
    return i % 4 === 3 ? `${name},\n${" ".repeat(21)}` : `${name}, `;
  });
  return lines.join("");
}

/** What a command line asks for. */
export type Asked = ReturnType<typeof readAsked>;

/**
 * Reads the options.
 *
 * @param usual names of systems that are measured unless others are asked for
 * @returns undefined where the usage was asked for and printed
 * @throws UsageError for what can't be measured
 */
export function readAsked(
  args: string[],
  { usage, usual, systems }: {
    readonly usage: string;
    readonly usual: readonly string[];
    readonly systems: Systems;
  },
) {
  const values = readOnlyOptions("bench", usage, SYSTEM_OPTIONS, args);
  if (!values) return undefined;
  const names = readNames("only", values.only, Object.keys(systems)) ?? usual;
  return {
    systems: Object.fromEntries(
      names.map((name) => [name, systems[name]] as const),
    ),
    batches: readWholes("batch", values.batch),
    steps: readWholes("steps", values.steps),
    precisions: readNames("precision", values.precision, PRECISIONS),
    ...{ warmUp: 1, runs: readWhole("runs", values.runs ?? "5", 1) },
    threads: values.threads === undefined
      ? undefined
      : readWhole("threads", values.threads, 1, 1024),
    devices: readNames("device", values.device, DEVICES),
    folder: readText("folder", values.folder),
    compare: readText("compare", values.compare),
    json: values.json,
  };
}

function readNames<Name extends string>(
  option: string,
  text: string | undefined,
  known: readonly Name[],
): Name[] | undefined {
  return text === undefined ? undefined : readKnownList(option, text, known);
}

function readWholes(
  option: string,
  text: string | undefined,
): number[] | undefined {
  return text?.split(",").map((part) => readWhole(option, part.trim(), 1));
}

/** The processor, as the system calls it. */
export function processorText(threads = navigator.hardwareConcurrency): string {
  return `${os.cpus()[0]?.model.trim() ?? Deno.build.arch}, ${threads} threads`;
}

/** Measures and prints what is asked for; returns the exit code. */
export async function runSystems(
  asked: NonNullable<Asked>,
  open?: (job: Job) => Promise<Runner>,
): Promise<number> {
  const status = createStatus();
  const rows = await measureSystems({
    ...asked,
    devices: asked.devices ?? await findDevices(),
    ...(open && { open }),
    onPart: (part) => status.show(part),
  });
  status.clear();
  console.log(
    outputText(
      asked.json,
      {
        processor: processorText(asked.threads),
        deno: Deno.version.deno,
        rows,
        published: PUBLISHED_TIMES,
      },
      () => textOf(rows, asked),
    ),
  );
  return 0;
}

function textOf(
  rows: readonly Row[],
  { runs, threads }: Pick<NonNullable<Asked>, "runs" | "threads">,
): string {
  return [
    `${processorText(threads)}, Deno ${Deno.version.deno}; median of ${runs} ` +
    `runs, each part in a process of its own`,
    "",
    ...rowLines(rows),
    "",
    "Published, on other machines:",
    "",
    ...publishedLines(PUBLISHED_TIMES),
    "",
    ...PUBLISHED_CAVEATS.map((caveat) => `  ${caveat}`),
  ].join("\n");
}
