/** `generate`: from a prompt to a picture. */

import { checkWritable } from "./files.ts";
import { type GenerateRequest, readRequest, USAGE } from "./generate_args.ts";
import { type Plan, planFiles } from "./generate_plan.ts";
import { timesText } from "./generate_text.ts";
import { prepareModel } from "./load_model.ts";
import { outputText } from "./output_text.ts";
import { checkSheet } from "./prompt_sheet.ts";
import { readPrompts } from "./prompts.ts";
import { createStatus } from "./status.ts";
import { superresOptionOf } from "./superres_settings.ts";

/** Runs the command; returns its exit code. */
export async function run(args: string[]): Promise<number> {
  const began = performance.now();
  const request = readRequest(args);
  if (!request) {
    console.log(USAGE.trimEnd());
    return 0;
  }
  const plan = await makePlan(request);
  const status = createStatus();
  function print(line: string, to: (line: string) => void): void {
    status.clear(); // it may be on the same terminal
    to(line);
  }
  // Only now, so that mistakes are told at once.
  const { drawAll } = await import("./generate_run.ts");
  try {
    const result = await drawAll(
      request,
      plan,
      {
        status: status.show,
        wrote: (path) => request.json || print(path, console.log),
        warn: (text) => print(text, console.error),
      },
      began,
    );
    const text = () => timesText(result.seconds);
    print(outputText(request.json, result, text), console.log);
  } finally {
    status.clear();
  }
  return 0;
}

/** Everything that can be checked before the model is loaded. */
async function makePlan(request: GenerateRequest): Promise<Plan> {
  const { source, sheet: together, trace } = request;
  const plan = planFiles(
    request,
    source.kind === "file" ? await readPrompts(source.path) : [source],
  );
  if (together) checkSheet(plan.prompts);
  await prepareModel(request, superresOptionOf(request.settings));
  // The files of other prompts lie in the same folder.
  const [{ paths: [first], sheet }] = plan.prompts;
  for (const path of [first, sheet, together?.path, trace?.path]) {
    if (path !== undefined) checkWritable(path);
  }
  return plan;
}
