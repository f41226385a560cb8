/** `eval merge`: the parts of a run put together. */

import { writeReport } from "../../eval/report/report.ts";
import { mergeRuns } from "../../eval/run/merge.ts";
import { readRun } from "../../eval/run/open_run.ts";
import { UsageError } from "./errors.ts";
import { listenerOf, printRun } from "./eval_run.ts";
import { readOrHelp } from "./options.ts";
import { createStatus } from "./status.ts";
import { readText } from "./values.ts";

const USAGE = `Usage: eval merge RUN… [options]

Puts the parts of a run together, each done by --shard K/N, and computes the
figures: the same ones that one machine would have come to.

  --out FOLDER  of the whole run (NAME, where the parts are NAME-1-of-N …)
  --json        print the figures as JSON
  --help        this text
`;

/** Runs the command; returns its exit code. */
export async function run(args: string[]): Promise<number> {
  const read = readOrHelp(USAGE, {
    out: "value",
    json: "flag",
    help: "flag",
  }, args);
  if (!read) return 0;
  const { values, positionals } = read;
  if (positionals.length === 0) {
    throw new UsageError("eval merge takes the folders of all parts of a run.");
  }
  const out = readText("out", values.out) ?? wholeOf(positionals);
  const status = createStatus();
  const { progress } = listenerOf(status);
  try {
    const metrics = await mergeRuns(positionals, out, progress);
    const { record } = await readRun(out);
    const report = await writeReport(out);
    status.clear();
    return printRun(values, { folder: out, record, metrics, report });
  } finally {
    status.clear();
  }
}

const PART = /-\d+-of-\d+\/*$/;

function wholeOf(parts: readonly string[]): string {
  const names = new Set(parts.map((part) => part.replace(PART, "")));
  const [name] = names;
  if (names.size === 1 && PART.test(parts[0])) return name;
  throw new UsageError("say where the whole run is to be: --out FOLDER.");
}
