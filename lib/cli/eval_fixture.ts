/** For tests: a tiny model, a toy judge, and evaluations by them. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { toyQuality, writeToyJudge } from "../../eval/probe/toy_probe.ts";
import { writeModel } from "../../eval/random_model.ts";
import { RUN_FILES } from "../../eval/run/record.ts";
import { contents, withFolder } from "../run/temp_folder.ts";
import { run } from "./eval.ts";
import { type Caught, runCaught } from "./run_caught.ts";

/** A folder with a tiny model and a toy judge. */
export interface EvalFixture {
  readonly folder: string;
  /** Options of `eval emoji` by them, of few pictures. */
  readonly emoji: readonly string[];
}

/** Runs `eval` as the command line does. */
export function evaluate(...args: string[]): Promise<Caught> {
  return runCaught("eval", run, args);
}

/** The same, which ends well. */
export async function evaluated(...args: string[]): Promise<Caught> {
  const ended = await evaluate(...args);
  assert.equal(ended.code, 0, ended.err);
  return ended;
}

/** Lends a fixture. */
export async function withEval(
  use: (fixture: EvalFixture) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const weights = join(folder, "weights");
    await Deno.mkdir(weights);
    await writeModel(weights, { superres: true });
    const judge = join(folder, "judge.safetensors");
    await writeToyJudge(judge, toyQuality(0.97));
    await use({
      folder,
      emoji: [
        ...["emoji", "--model", "tiny", "--weights", weights],
        ...["--judge", judge, "--steps", "2", "--reference", "150"],
      ],
    });
  });
}

/** The files of a run, which are equal for equal runs: hashes by name. */
export function runFiles(folder: string): Record<string, string> {
  const names = contents(folder).filter((name) =>
    !name.startsWith(".") && Deno.statSync(join(folder, name)).isFile
  );
  assert.ok(names.includes(RUN_FILES.metrics));
  return Object.fromEntries(
    names.map((name) => [name, hashFile(join(folder, name))]),
  );
}

function hashFile(path: string): string {
  return createHash("sha256").update(Deno.readFileSync(path)).digest("hex");
}
