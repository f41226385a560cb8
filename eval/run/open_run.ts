/** Begins a run, or goes on with one that was stopped. */

import { exists } from "../../lib/run/exists.ts";
import { join } from "node:path";
import {
  hashOf,
  linesOf,
  readRunJson,
  readRunLines,
  removeParts,
  writeRunFile,
  writeRunJson,
} from "./files.ts";
import {
  type LeftOutLine,
  leftOutLine,
  RUN_FILES,
  type RunRecord,
  runRecord,
  type Sample,
  sample,
} from "./record.ts";

/** A run on the disk. */
export interface Run {
  /** Where it is. */
  readonly folder: string;
  /** What determines its numbers. */
  readonly record: RunRecord;
  /** All of the run, of every part. */
  readonly samples: readonly Sample[];
  /** What of the data set couldn't be used, before any picture was read. */
  readonly leftOut: readonly LeftOutLine[];
}

/** SHA-256 of ids, prompts and seeds: equal for every system that is judged. */
export function samplesHash(samples: readonly Sample[]): string {
  return hashOf(samples.map(({ id, caption, seed }) => [id, caption, seed]));
}

/**
 * What has to be the same for a run to go on: its pictures and what they are
 * compared with. Features are kept with what they depend on, so that other
 * metrics and networks take what is there of theirs, and the rest is made.
 */
function picturesOf(
  { metrics: _, networks: __, ...record }: RunRecord,
): Omit<RunRecord, "metrics" | "networks"> {
  return record;
}

/** SHA-256 of what determines a run's numbers, the same for all its parts. */
export function runHash({ shard: _, ...record }: RunRecord): string {
  return hashOf(record);
}

/**
 * Begins a run in a folder that isn't there or is empty, or goes on with the
 * one that is there, perhaps with other metrics.
 *
 * @throws Error if something else is there, or a run of other numbers
 */
export async function openRun(
  { folder, record, samples, leftOut }: Run,
): Promise<Run> {
  await Deno.mkdir(folder, { recursive: true });
  await removeParts(folder);
  const path = join(folder, RUN_FILES.run);
  if (await exists(path)) {
    const before = await readRunJson(path, runRecord);
    const found = differences(picturesOf(before), picturesOf(record));
    if (found.length > 0) {
      throw new Error(
        `Cannot go on with the run ${folder}: ${found.join(", ")}; ask for ` +
          `the same again, or choose another folder by --out`,
      );
    }
    if (runHash(before) !== runHash(record)) await removeFigures(folder);
  } else {
    // What a process that was killed here had written.
    const begun: string[] = [RUN_FILES.samples, RUN_FILES.leftOut];
    const other = [...Deno.readDirSync(folder)]
      .find(({ name }) => !begun.includes(name) && !name.startsWith("."));
    if (other) {
      throw new Error(
        `Cannot begin a run in ${folder}: there is ${other.name}, and no ` +
          `${RUN_FILES.run}; choose another folder by --out`,
      );
    }
  }
  await writeRunFile(join(folder, RUN_FILES.samples), linesOf(samples));
  await writeRunFile(join(folder, RUN_FILES.leftOut), linesOf(leftOut));
  // Parsed, its keys come in the same order whoever writes it.
  await writeRunJson(path, runRecord.parse(record));
  return { folder, record, samples, leftOut };
}

/** Takes away figures that the record doesn't tell of any more. */
async function removeFigures(folder: string): Promise<void> {
  for (const name of [RUN_FILES.metrics, RUN_FILES.scores]) {
    const path = join(folder, name);
    if (await exists(path)) await Deno.remove(path);
  }
}

/**
 * Reads a run that is on the disk.
 *
 * @throws Error if it is none, damaged, or its list of samples is another one's
 */
export async function readRun(folder: string): Promise<Run> {
  const path = join(folder, RUN_FILES.run);
  if (!await exists(path)) {
    throw new Error(
      `Cannot use ${folder} as a run: it has no ${RUN_FILES.run}; name the ` +
        `folder that \`eval\` wrote to`,
    );
  }
  const record = await readRunJson(path, runRecord);
  const list = join(folder, RUN_FILES.samples);
  const samples = await readRunLines(list, sample);
  if (samplesHash(samples) !== record.samples.hash) {
    throw new Error(
      `Cannot use the run ${folder}: ${RUN_FILES.samples} is not the one that ` +
        `it was begun with; run the command of the run again`,
    );
  }
  const left = join(folder, RUN_FILES.leftOut);
  const leftOut = await readRunLines(left, leftOutLine);
  return { folder, record, samples, leftOut };
}

/** How two configurations differ, such as "samples.count was 8 and is 9 now". */
export function differences(
  was: unknown,
  is: unknown,
  path: string = "",
): string[] {
  const isObject = (value: unknown): value is Record<string, unknown> =>
    typeof value === "object" && value !== null;
  if (isObject(was) && isObject(is)) {
    const keys = new Set([...Object.keys(was), ...Object.keys(is)]);
    return [...keys].flatMap((key) =>
      differences(was[key], is[key], path === "" ? key : `${path}.${key}`)
    );
  }
  if (was === is) return [];
  return [`${path} was ${textOf(was)} and is ${textOf(is)} now`];
}

function textOf(value: unknown): string {
  if (value === undefined) return "absent";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return /^[0-9a-f]{64}/.test(text) ? `${text.slice(0, 12)}…` : text;
}
