/** A finished run, as a report reads it from its folder. */

import { exists } from "../../lib/run/exists.ts";
import { join } from "node:path";
import { CLIP_SCORE_CONVENTIONS } from "../metrics/clip_score.ts";
import { readRunJson, readRunLines } from "../run/files.ts";
import { readRun, type Run } from "../run/open_run.ts";
import {
  type LeftOutLine,
  leftOutLine,
  RUN_FILES,
  type RunFigure,
  runMetrics,
  type RunRecord,
  type RunScores,
  runScores,
} from "../run/record.ts";

/** Everything that a report tells of a run. */
export interface ReportedRun extends Run {
  readonly figures: readonly RunFigure[];
  readonly scores: RunScores["scores"];
  readonly leftOut: readonly LeftOutLine[];
}

/**
 * Reads a run.
 *
 * @throws Error if it isn't one, or isn't finished
 */
export async function readReported(folder: string): Promise<ReportedRun> {
  const path = (name: string) => join(folder, name);
  const run = await readRun(folder);
  if (!await exists(path(RUN_FILES.metrics))) {
    throw new Error(
      `Cannot report on ${folder}: found no ${RUN_FILES.metrics}, wanted a ` +
        `finished run; ` +
        (run.record.shard
          ? "put its parts together first: deno task eval merge"
          : "the command that began it goes on from where it is"),
    );
  }
  const metrics = await readRunJson(path(RUN_FILES.metrics), runMetrics);
  const { scores } = await readRunJson(path(RUN_FILES.scores), runScores);
  const leftOut = await readRunLines(path(RUN_FILES.leftOut), leftOutLine);
  return { ...run, figures: metrics.figures, scores, leftOut };
}

/** What the run's pictures are by, in a few words. */
export function nameOf({ source }: RunRecord): string {
  return source.kind === "model" ? source.name : source.path;
}

/** The run's FID, if it is one: of Inception's features. */
export function fidOf({ figures }: ReportedRun): RunFigure | undefined {
  return figures.find(({ title }) => title === "FID");
}

/** The run's CLIP scores as mean cosines, whatever their convention's scale. */
export function cosinesOf(
  { figures }: ReportedRun,
): { readonly title: string; readonly cosine: number }[] {
  return figures.filter(({ metric }) => metric === "clip-score").map(
    ({ title, value, convention }) => {
      const known = Object.entries(CLIP_SCORE_CONVENTIONS)
        .find(([name]) => name === convention);
      return { title, cosine: value / (known?.[1].ofPair(1) ?? 1) };
    },
  );
}
