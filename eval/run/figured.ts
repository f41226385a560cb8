/** What a metric gives of the sets of a run. */

import type { RunFigure, RunScores } from "./record.ts";
import type { MetricRecord } from "./record_types.ts";
import type { RunSets } from "./run_sets.ts";

/** The figures of a metric, and the scores of each picture behind them. */
export interface Figured {
  readonly figures: readonly RunFigure[];
  readonly scores: RunScores["scores"];
}

/** How a metric is computed of the sets of a run. */
export type Compute = (
  sets: RunSets,
  metric: MetricRecord,
) => Promise<Figured>;
