/** `bench start`: from the start of the process to a picture. */

import {
  type DrawProgram,
  measureStarts,
  type StartFigures,
  type Starts,
} from "../../eval/throughput/cold_start.ts";
import { withScratch } from "../../eval/throughput/scratch.ts";
import { rangeText, secondsText } from "./bench_rows.ts";
import { processorText } from "./bench_systems.ts";
import { readOnlyOptions } from "./options.ts";
import { outputText } from "./output_text.ts";
import { readRuntime, RUNTIME_OPTIONS } from "./runtime_args.ts";
import { createStatus } from "./status.ts";
import { table } from "./table.ts";
import { readWhole } from "./values.ts";

const USAGE = `Usage: bench start [options]

Starts \`deno task generate\` again and again, each time as a new process, and
measures the seconds from that start to the first decode step, to the picture
and to the end. One start before the others fills the caches. In turns the
prompt is one whose states are in the cache, and a new one, for which the text
encoder is loaded.

  --runs N          measured starts of each kind (5)
  --model NAME      the model (generate's own)
  --weights FOLDER  another folder of weights than that of the repository
  --threads N       threads that draw (every core)
  --precision NAME  as generate takes it (fp32)
  --device NAME     as generate takes it (cpu)
  --json            the figures as JSON
  --help            this text
`;

const GENERATE: DrawProgram = {
  command: Deno.execPath(),
  args: ["task", "--quiet", "generate"],
};

/** Runs the benchmark, of this program; returns its exit code. */
export async function run(
  args: string[],
  { command, args: own }: DrawProgram = GENERATE,
): Promise<number> {
  const values = readOnlyOptions("bench start", USAGE, {
    runs: "value",
    model: "value",
    weights: "value",
    ...RUNTIME_OPTIONS,
    json: "flag",
    help: "flag",
  }, args);
  if (!values) return 0;
  const runs = readWhole("runs", values.runs ?? "5", 1);
  const { threads } = readRuntime(values); // mistakes are told at once
  const names = ["model", "weights", "threads", "precision", "device"] as const;
  const given = names.flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [`--${name}`, value];
  });
  const status = createStatus();
  const figures = await withScratch(undefined, 0, (folder) => {
    const drawn = [...given, "--json", "--out", folder];
    return measureStarts(
      { command, args: [...own, ...drawn] },
      runs,
      (run, of) => status.show(`start ${run} of ${of}`),
    );
  });
  status.clear();
  const shown = ["deno task generate", ...given, "PROMPT"].join(" ");
  const about = { command: shown, processor: processorText(threads), runs };
  console.log(
    outputText(
      values.json,
      { ...about, ...figures },
      () => figuresText(about, figures),
    ),
  );
  return 0;
}

function figuresText(
  { command, processor, runs }: {
    readonly command: string;
    readonly processor: string;
    readonly runs: number;
  },
  { known, fresh }: StartFigures,
): string {
  return [
    command,
    `${processor}, Deno ${Deno.version.deno}; seconds since the start of the ` +
    `process, median of ${runs}`,
    "",
    ...table([
      ["", "prompt read before", "from to", "new prompt", "from to"],
      ...MOMENTS.map(([moment, name]) => [
        name,
        ...[known, fresh].flatMap((starts) => [
          secondsText(starts[moment].median),
          rangeText(starts[moment]),
        ]),
      ]),
    ]),
  ].join("\n");
}

const MOMENTS: readonly (readonly [keyof Starts, string])[] = [
  ["begins", "generate begins"],
  ["firstStep", "first decode step done"],
  ["picture", "picture written"],
  ["ends", "process ended"],
];
