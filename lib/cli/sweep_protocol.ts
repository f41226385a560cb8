/** `sweep --on`: settings compared by a protocol of `eval`, a run each. */

import { dirname, join } from "node:path";
import { namesIn } from "../../datasets/files/list.ts";
import { reportOfRuns, type SweptRun } from "../../eval/run_sweep.ts";
import { writeReport } from "../../eval/report/report.ts";
import type { RunRecord } from "../../eval/run/record.ts";
import { sweepTable } from "../../eval/sweep_report.ts";
import { UsageError } from "./errors.ts";
import type { EvalProtocol } from "./eval_protocol.ts";
import { PROTOCOLS } from "./eval_protocols.ts";
import { checkWritable } from "./files.ts";
import { type OptionKinds, readOnlyOptions } from "./options.ts";
import { outputText } from "./output_text.ts";
import { formOf, SETTING_NAMES } from "./setting_forms.ts";
import { gridOf, readAxes } from "./sweep_args.ts";
import { writeSweep } from "./sweep_run.ts";
import { readKnown } from "./values.ts";

/** A curve of FID against CLIP score wants plain scales. */
const USUAL = { guidance: ["0", "1", "2", "4", "8"] };

/** What makes no sense of several runs that draw. */
const REFUSED = ["images", "list", "shard"];

const usage = (name: string) =>
  `Usage: sweep --on ${name} --over AXIS[,AXIS…] [options of eval ${name}]

Does \`eval ${name}\` by every setting of a grid, over guidance for one, and
draws fidelity against alignment (FID against CLIP score as in the paper's
Figure 8). Each setting is a run of its own below the folder, which goes on where
it was stopped; what networks say of the reference is computed once.

  --over AXES             what varies, as for \`sweep\`
  --AXIS "VALUE VALUE…"   the values of an axis, with spaces between them
                          (guidance: ${USUAL.guidance.join(" ")})
  --out FOLDER            for sweep.json, .csv and .svg, and runs/ (out/sweep-${name})
  --json                  print the results as JSON and nothing else
  --help                  this text

All other options are those of \`deno task eval ${name} --help\`.
`;

type Values = Readonly<Record<string, string | boolean | undefined>>;

/** A setting, checked and ready to be run. */
interface Cell {
  readonly values: readonly string[];
  /** Of its run. */
  readonly folder: string;
  readonly perform: NonNullable<ReturnType<EvalProtocol["prepare"]>>;
}

/** Runs the command on a protocol; returns its exit code. */
export async function runOn(on: string, args: string[]): Promise<number> {
  const name = readKnown("on", on, Object.keys(PROTOCOLS));
  const protocol = await PROTOCOLS[name]();
  const kinds: OptionKinds & { readonly help: "flag" } = {
    ...protocol.options,
    on: "value",
    over: "value",
  };
  const given: Values | undefined = readOnlyOptions(
    "sweep",
    usage(name),
    kinds,
    args,
  );
  if (!given) return 0;
  const { on: _, over, json, out: to, ...values } = given;
  const odd = REFUSED.find((name) => values[name] !== undefined);
  if (odd !== undefined) {
    throw new UsageError(`sweep draws itself, all of it; leave out --${odd}.`);
  }
  const out = to === undefined ? `out/sweep-${name}` : String(to);
  const axes = readAxes(over === undefined ? undefined : String(over));
  const cells = gridOf(axes, values, USUAL)
    .map((cell) => readCell(protocol, axes, cell, { values, out }));
  checkWritable(join(out, "sweep.json"));
  const runs = await runCells(axes, cells);
  const [{ record }] = runs;
  const report = reportOfRuns(axes, commonOf(name, axes, record), runs);
  const [first, ...others] = cells.map(({ folder }) => folder);
  const files = [
    ...writeSweep(out, report),
    await writeReport(first, others),
  ];
  const text = () => `${sweepTable(report)}\n\n${files.join("\n")}`;
  console.log(outputText(json === true, report, text));
  return 0;
}

function readCell(
  protocol: EvalProtocol,
  axes: readonly string[],
  cell: readonly string[],
  { values, out }: { readonly values: Values; readonly out: string },
): Cell {
  const chosen = Object.fromEntries(axes.map((axis, i) => [axis, cell[i]]));
  const name = axes.map((axis, i) => `${axis}-${cell[i]}`).join("_")
    .replaceAll(/[^\w.-]+/g, "-");
  const folder = join(out, "runs", name);
  const args = argsOf({ ...values, ...chosen, out: folder });
  return { values: cell, folder, perform: protocol.prepare(args)! };
}

/** A command line of values. */
function argsOf(values: Values): string[] {
  return Object.entries(values).flatMap(([name, value]) =>
    typeof value === "string"
      ? [`--${name}=${value}`]
      : value
      ? [`--${name}`]
      : []
  );
}

/** Runs one after the other; what one knows of the reference, all know. */
async function runCells(
  axes: readonly string[],
  cells: readonly Cell[],
): Promise<SweptRun[]> {
  const runs: SweptRun[] = [];
  for (const [done, { values, folder, perform }] of cells.entries()) {
    const setting = axes.map((axis, i) => `${axis} ${values[i]}`).join(", ");
    console.error(`${setting} (${done + 1} of ${cells.length})`);
    // A run of another sweep may have been stopped; one of this one is whole.
    const alike = cells[done - 1]?.folder ?? runBeside(folder);
    const { record, metrics } = (await perform(alike))!;
    runs.push({ values, record, figures: metrics!.figures });
  }
  return runs;
}

/** Another run in the same folder, if there is one. */
function runBeside(folder: string): string | undefined {
  return namesIn(dirname(folder)).map((name) => join(dirname(folder), name))
    .find((other) => other !== folder);
}

/** The settings that all runs have in common. */
function commonOf(
  protocol: string,
  axes: readonly string[],
  { source, settings }: RunRecord,
): Record<string, string> {
  const drawing = source.kind === "model" ? source.settings : {};
  const varied = SETTING_NAMES.filter((name) =>
    axes.includes(formOf(name).option)
  );
  const common = Object.entries({ ...settings, ...drawing })
    .filter(([name]) => !varied.some((one) => one === name))
    .map(([name, value]) => [name, String(value)]);
  return { protocol, ...Object.fromEntries(common) };
}
