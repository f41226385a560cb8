/** `bench t5`: the encoders of T5, by random weights. */

import { runT5, type T5Figures } from "../../eval/t5_run.ts";
import { T5_SIZES, type T5Config } from "../text/t5.ts";
import type { Precision } from "../run/precision.ts";
import { readOnlyOptions } from "./options.ts";
import { outputText } from "./output_text.ts";
import type { ThreadOptions } from "../run/session.ts";
import {
  readRuntime,
  runText,
  RUNTIME_OPTIONS,
  runtimeUsage,
} from "./runtime_args.ts";
import { createStatus } from "./status.ts";
import { readKnown, readWhole } from "./values.ts";

/** What T5 is run in where memory is short. */
const PRECISION: Precision = "int4";

const USAGE = `Usage: bench t5 [options]

Writes a T5 encoder of version 1.1 with random weights in bfloat16 to a folder
(9.5 GB for xxl), loads it twice and encodes prompts, and measures the time and
the memory of each part. Of few bits, the first loading quantizes in a stream.

  --size NAME         ${Object.keys(T5_SIZES).join(", ")} (base)
  --length N          ids of a prompt (64)
  --batch N           prompts at a time (1)
${runtimeUsage(20, PRECISION)}
  --folder FOLDER     where to write; a temporary folder
  --json              the figures as JSON
  --help              this text
`;

/** Runs the benchmark, on these sizes; returns its exit code. */
export async function run(
  args: string[],
  sizes: Readonly<Record<string, T5Config>> = T5_SIZES,
): Promise<number> {
  const values = readOnlyOptions("bench t5", USAGE, {
    size: "value",
    ...RUNTIME_OPTIONS,
    length: "value",
    batch: "value",
    folder: "value",
    json: "flag",
    help: "flag",
  }, args);
  if (!values) return 0;
  const size = readKnown("size", values.size ?? "base", Object.keys(sizes));
  const { precision = PRECISION, threads, device } = readRuntime(values);
  const settings = {
    ...{ size, precision, threads, device },
    length: readWhole("length", values.length ?? "64", 2),
    batch: readWhole("batch", values.batch ?? "1", 1),
  };
  const status = createStatus();
  const figures = await runT5(sizes[size], {
    ...settings,
    folder: values.folder,
    onPart: (part) => status.show(part),
  });
  status.clear();
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
  { size, precision, length, batch, threads, device }: {
    readonly size: string;
    readonly precision: Precision;
    readonly length: number;
    readonly batch: number;
  } & ThreadOptions,
  { parameters, parts }: T5Figures,
): string {
  return [
    `T5 v1.1 ${size}: ${(parameters / 1e6).toFixed(0)} M parameters, random, ` +
    `${precision}; ${batch} x ${length} ids; ` +
    runText({ threads, device }),
    "",
    `  ${"".padEnd(18)}${"time".padStart(11)}${"memory".padStart(12)}` +
    `${"peak".padStart(12)}`,
    ...parts.map(({ name, seconds, residentMb, peakMb }) =>
      `  ${name.padEnd(18)}${seconds.toFixed(2).padStart(9)} s` +
      `${residentMb.toFixed(0).padStart(9)} MB` +
      `${peakMb.toFixed(0).padStart(9)} MB`
    ),
  ].join("\n");
}
