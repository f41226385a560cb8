/** `edit`: pictures drawn anew in part, or by a prompt. */

import { readEdit } from "./edit_args.ts";
import type { Change } from "./edit_change.ts";
import { planEdit } from "./edit_plan.ts";
import { checkWritable } from "./files.ts";
import { timesText } from "./generate_text.ts";
import { prepareModel } from "./load_model.ts";
import { outputText } from "./output_text.ts";
import { createStatus } from "./status.ts";
import { superresOptionOf } from "./superres_settings.ts";

/** The option that a model needs super-resolution for, if there is one. */
function superresOption(change: Change): string | undefined {
  const isKept = change.kind === "free" && change.superresKept;
  return superresOptionOf(change.settings) ??
    (isKept ? "superres-kept" : undefined);
}

/** Runs the command; returns its exit code. */
export async function run(args: string[]): Promise<number> {
  const began = performance.now();
  const command = readEdit(args);
  if ("help" in command) {
    console.log(command.help.trimEnd());
    return 0;
  }
  const { request } = command;
  const plan = planEdit(request);
  await prepareModel(request, superresOption(request.change));
  for (const path of [plan.paths[0], plan.sheet, request.trace?.path]) {
    if (path !== undefined) checkWritable(path);
  }
  const { readScene } = await import("./edit_scene.ts");
  const scene = await readScene(request.picture, request.change);

  const status = createStatus();
  function print(line: string, to: (line: string) => void): void {
    status.clear(); // it may be on the same terminal
    to(line);
  }
  // Only now, so that mistakes are told at once.
  const { editAll } = await import("./edit_run.ts");
  try {
    const result = await editAll(request, scene, plan, {
      status: status.show,
      wrote: (path) => request.json || print(path, console.log),
      warn: (text) => print(text, console.error),
    }, began);
    const text = () => timesText({ ...result.seconds });
    print(outputText(request.json, result, text), console.log);
  } finally {
    status.clear();
  }
  return 0;
}
