/** Runs of a protocol that differ in their settings, as a sweep shows them. */

import type { Column, Figures } from "./measure.ts";
import type { RunFigure, RunRecord } from "./run/record.ts";
import type { SweepReport } from "./sweep_report.ts";

/** A finished run of a sweep. */
export interface SweptRun {
  /** The values of the axes, in their order. */
  readonly values: readonly string[];
  readonly record: RunRecord;
  readonly figures: readonly RunFigure[];
}

/** Metrics that say how well pictures follow their captions. */
const ALIGNMENT = ["clip-score", "judge"];
/** Distances: the smaller, the better. */
const DISTANCES = ["fid", "fid-inf", "kid", "cmmd", "fd-dinov2"];

/**
 * What the runs came to.
 *
 * @param axes names of what varies
 * @param common settings that don't, by name
 * @param runs one or more, of the same protocol
 */
export function reportOfRuns(
  axes: readonly string[],
  common: Readonly<Record<string, string>>,
  runs: readonly SweptRun[],
): SweepReport {
  const [{ record, figures }] = runs;
  const { source, samples, protocol, settings } = record;
  const [name, hash] = source.kind === "model"
    ? [source.name, source.hash]
    : [source.path, source.hash];
  return {
    model: name,
    hash,
    samples: samples.count,
    of: `captions of ${settings.data ?? protocol}`,
    seed: samples.seed,
    settings: common,
    axes,
    columns: figures.map(columnOf),
    rows: runs.map(({ values, figures }) => ({
      values,
      figures: figuresOf(figures),
    })),
  };
}

function columnOf({ title, metric, convention }: RunFigure): Column {
  return {
    name: title,
    title,
    unit: metric === "clip-score" ? convention : "",
    better: DISTANCES.includes(metric) ? "lower" : "higher",
    shows: ALIGNMENT.includes(metric) ? "alignment" : "fidelity",
  };
}

function figuresOf(figures: readonly RunFigure[]): Figures {
  return Object.fromEntries(
    figures.map(({ title, value, error, deviation }) => [
      title,
      {
        value,
        ...(error === undefined ? {} : { error }),
        ...(deviation === undefined ? {} : { deviation }),
      },
    ]),
  );
}
