/** `bench --compare PYTHON`: beside the reference implementations. */

import {
  type Compared,
  compareSystems,
  type Comparison,
} from "../../eval/throughput/compare.ts";
import type { Job, Runner } from "../../eval/throughput/runner.ts";
import { digits, rangeText, secondsText } from "./bench_rows.ts";
import { type Asked, processorText } from "./bench_systems.ts";
import { UsageError } from "./errors.ts";
import { outputText } from "./output_text.ts";
import { createStatus } from "./status.ts";
import { table } from "./table.ts";

/**
 * Measures and prints; returns the exit code.
 * @throws UsageError if there is no such Python
 */
export async function runComparison(
  asked: NonNullable<Asked>,
  python: string,
  open?: (job: Job) => Promise<Runner>,
): Promise<number> {
  const status = createStatus();
  let found: Comparison;
  try {
    found = await compareSystems({
      ...asked,
      ...(open && { open }),
      python,
      onPart: (part) => status.show(part),
    });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new UsageError(
      `--compare is a Python with the packages to compare with, but there is ` +
        `no program "${python}".`,
    );
  } finally {
    status.clear();
  }
  const processor = processorText(asked.threads);
  console.log(
    outputText(
      asked.json,
      { processor, deno: Deno.version.deno, ...found },
      () => textOf(found, processor, asked.runs),
    ),
  );
  return 0;
}

function textOf(
  { rows, versions, skipped }: Comparison,
  processor: string,
  runs: number,
): string {
  const others = Object.entries(versions).map(([name, version]) =>
    `${name} ${version}`
  );
  return [
    `${processor}; Deno ${Deno.version.deno}` +
    others.map((other) => `, ${other}`).join(""),
    `medians of ${runs} runs in turns, each side in a process of its own`,
    "",
    ...table([HEADINGS, ...rows.map(cells)]),
    ...skipped.map(({ system, missing }) =>
      `  ${system} skipped: this Python has no ${missing}`
    ),
  ].join("\n");
}

const HEADINGS = [
  "",
  "part",
  "batch",
  "ours",
  "seconds",
  "from to",
  "peak MB",
  "reference",
  "seconds",
  "from to",
  "peak MB",
  "ratio",
];

function cells(row: Compared): string[] {
  const { part, steps, ours, reference } = row;
  const side = ({ seconds, peakMb }: Compared["ours"]) => [
    secondsText(seconds.median),
    rangeText(seconds),
    peakMb.toFixed(0),
  ];
  return [
    row.system,
    steps === undefined ? part : `${part}, ${steps} steps`,
    `${row.batch}`,
    row.precision,
    ...side(ours),
    row.referenceType,
    ...side(reference),
    `${digits(row.ratio)}x`,
  ];
}
