/** The figures of a run whose pictures and features are all there. */

import { join } from "node:path";
import { figuresOf } from "./figures.ts";
import { linesOf, writeRunFile, writeRunJson } from "./files.ts";
import { type Run, runHash } from "./open_run.ts";
import {
  RUN_FILES,
  type RunFigure,
  type RunMetrics,
  type RunScores,
} from "./record.ts";
import type { PictureScores } from "./record_types.ts";
import { openSets } from "./run_sets.ts";

/**
 * Computes the figures and writes them; the same ones whenever and in however
 * many parts the features came to be.
 *
 * @throws Error if features are missing, or can't be compared: the other
 * figures are written before
 */
export async function finishRun(
  run: Run,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<RunMetrics> {
  const { folder, record } = run;
  const sets = openSets(run);
  const figures: RunFigure[] = [];
  const scores: PictureScores[] = [];
  const failed: string[] = [];
  for (const [done, metric] of record.metrics.entries()) {
    onProgress(done, record.metrics.length);
    try {
      const found = await figuresOf(sets, metric);
      figures.push(...found.figures);
      scores.push(...found.scores);
    } catch (error) {
      failed.push(`${metric.metric}: ${(error as Error).message}`);
    }
  }
  const all = [...run.leftOut, ...await sets.leftOut()];
  const leftOut = [...new Map(all.map((one) => [one.name, one])).values()];
  const metrics: RunMetrics = {
    format: "muselab metrics",
    version: 1,
    run: runHash(record),
    figures,
    leftOut: leftOut.length,
  };
  await writeRunFile(join(folder, RUN_FILES.leftOut), linesOf(leftOut));
  const kept: RunScores = { format: "muselab scores", version: 1, scores };
  await writeRunJson(join(folder, RUN_FILES.scores), kept);
  await writeRunJson(join(folder, RUN_FILES.metrics), metrics);
  if (failed.length === 0) return metrics;
  throw new Error(
    `Cannot compute every figure of the run ${folder}: ${failed.join("; ")}. ` +
      `The other ${figures.length} are in ${RUN_FILES.metrics}; the same ` +
      `command without these metrics, with --out ${folder}, goes on from there`,
  );
}
