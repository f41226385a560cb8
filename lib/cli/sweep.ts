/** `sweep`: settings of a decode compared on validation scenes. */

import { join } from "node:path";
import { parseArgs } from "node:util";
import { sweepTable } from "../../eval/sweep_report.ts";
import { checkWritable } from "./files.ts";
import { outputText } from "./output_text.ts";
import { createStatus } from "./status.ts";
import { readRequest, USAGE } from "./sweep_args.ts";

/** Runs the command; returns its exit code. */
export async function run(args: string[]): Promise<number> {
  const on = readOn(args);
  if (on !== undefined) {
    const { runOn } = await import("./sweep_protocol.ts");
    return await runOn(on, args);
  }
  const request = readRequest(args);
  if (!request) {
    console.log(USAGE.trimEnd());
    return 0;
  }
  checkWritable(join(request.out, "sweep.json"));
  // Only now, so that mistakes are told at once.
  const { sweep } = await import("./sweep_run.ts");
  const status = createStatus();
  try {
    const { report, files } = await sweep(request, status.show);
    status.clear();
    const text = () => `${sweepTable(report)}\n\n${files.join("\n")}`;
    console.log(outputText(request.json, report, text));
  } finally {
    status.clear();
  }
  return 0;
}

/** On which protocol: the options depend on it. */
function readOn(args: string[]): string | undefined {
  const options = { on: { type: "string" as const } };
  const { values } = parseArgs({ args, strict: false, options });
  return typeof values.on === "string" ? values.on : undefined;
}
