/** How long networks were trained, by the logs that lie beside their weights. */

import { join } from "node:path";
import { exists } from "../run/exists.ts";

/** One run's training. */
export interface TrainingTime {
  /** Of the run: what its log and its configuration are named after. */
  readonly name: string;
  /** Up to the last line of its log. */
  readonly steps: number;
  /** Steps times the batch; null without the configuration. */
  readonly pictures: number | null;
  /** What these steps took. */
  readonly hours: number;
}

const ENDING = ".log.jsonl";

/**
 * What the logs `NAME.log.jsonl` of a folder say, in the order of their names,
 * with the batches of the configurations `NAME.json`.
 *
 * @throws Error naming a line that is none of a log
 */
export async function trainingTimes(folder: string): Promise<TrainingTime[]> {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name)
    .filter((name) => name.endsWith(ENDING))
    .map((name) => name.slice(0, -ENDING.length)).sort();
  return await Promise.all(names.map(async (name) => {
    const times = await readLog(join(folder, name + ENDING));
    const batch = await readBatch(join(folder, `${name}.json`));
    return { name, ...times, pictures: batch && batch * times.steps };
  }));
}

async function readLog(
  path: string,
): Promise<Pick<TrainingTime, "steps" | "hours">> {
  const lines = (await Deno.readTextFile(path)).split("\n");
  let [steps, seconds] = [0, 0];
  lines.forEach((line, i) => {
    if (line === "") return;
    const { step, secondsPerStep } = readLine(line, `${path}, line ${i + 1}`);
    seconds += (step - steps) * secondsPerStep;
    steps = step;
  });
  return { steps, hours: seconds / 3600 };
}

function readLine(line: string, place: string) {
  const { step, secondsPerStep } = parseObject(line);
  if (typeof step === "number" && typeof secondsPerStep === "number") {
    return { step, secondsPerStep };
  }
  throw new Error(
    `Cannot read the training log ${place}: wanted a JSON object with "step" ` +
      `and "secondsPerStep", as \`train\` writes it; copy the log of the run ` +
      `again`,
  );
}

async function readBatch(path: string): Promise<number | null> {
  if (!await exists(path)) return null;
  const { training } = parseObject(await Deno.readTextFile(path));
  const { batch } = (training ?? {}) as { readonly batch?: unknown };
  return typeof batch === "number" ? batch : null;
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
