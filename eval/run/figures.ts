/** The figures of a run: a table of how each metric is computed of its sets. */

import {
  CLIP_SCORE_CONVENTIONS,
  clipScore,
  type ClipScoreProgram,
} from "../metrics/clip_score.ts";
import { compareSets, METRIC_NAMES } from "../metrics/compare.ts";
import { bootstrapInterval } from "../metrics/intervals.ts";
import type { MetricName } from "../metrics/metric_figure.ts";
import { vendiScore } from "../metrics/vendi.ts";
import { meanOf } from "../measure.ts";
import { perplexity } from "../tokenizer_quality.ts";
import type { Compute, Figured } from "./figured.ts";
import { judgeFigures } from "./judge_figures.ts";
import {
  type Check,
  checkCompared,
  checkReference,
  type PlannedRun,
} from "./metric_checks.ts";
import type { RunFigure } from "./record.ts";
import type { MetricRecord } from "./record_types.ts";
import type { RunSets } from "./run_sets.ts";

/** How a metric is computed, and what is said of it before a run begins. */
interface Row {
  readonly compute: Compute;
  /** Nothing where it is of any pictures. */
  readonly check?: Check;
}

/** By the name of the metric. */
const METRICS: Readonly<Record<string, Row>> = {
  ...Object.fromEntries(METRIC_NAMES.map((name) => [
    name,
    { compute: compared(name), check: checkCompared(name) },
  ])),
  "clip-score": { compute: clipFigures },
  "judge": { compute: judgeFigures, check: checkReference },
  "vendi": { compute: vendiFigures, check: checkReference },
  "psnr": { compute: ofPixels("PSNR in dB", 0) },
  "ssim": { compute: ofPixels("SSIM", 1) },
  "codes-used": {
    compute: ofCodes(
      "Codes that occur",
      (counts) => counts.filter((count) => count > 0).length / counts.length,
    ),
  },
  "code-perplexity": { compute: ofCodes("Codes in effect", perplexity) },
};

/**
 * Refuses metrics that can't be computed of a run, before it takes its time.
 *
 * @throws Error that names the metric and what it lacks
 */
export function checkMetrics(planned: PlannedRun): void {
  for (const metric of planned.metrics) {
    try {
      METRICS[metric.metric].check?.(planned, metric);
    } catch (error) {
      throw new Error(
        `Cannot begin a run with ${metric.metric} as ${metric.convention} ` +
          `computes it: ${
            (error as Error).message
          }; leave it out, or ask for ` +
          `another convention, other pictures or more of them`,
      );
    }
  }
}

/** Computes the figures of a metric. */
export async function figuresOf(
  sets: RunSets,
  metric: MetricRecord,
): Promise<Figured> {
  return await METRICS[metric.metric].compute(sets, metric);
}

/** A metric that compares two sets, or looks at one alone. */
function compared(name: MetricName): Compute {
  return async (sets, { network, convention }) => {
    const samples = await sets.sampleSet("samples", network);
    const reference = name === "is"
      ? samples // it is not looked at
      : await sets.sampleSet("reference", network);
    const options = { convention };
    const found = await compareSets(samples, reference, [name], options);
    const figures = found.map((figure): RunFigure => ({
      ...figure,
      settings: { ...figure.settings },
      notes: [...figure.notes],
    }));
    return { figures, scores: [] };
  };
}

async function clipFigures(
  sets: RunSets,
  { metric, network, convention }: MetricRecord,
): Promise<Figured> {
  const { rows } = await sets.extracted("samples", network);
  const program = CLIP_SCORE_CONVENTIONS[convention as ClipScoreProgram];
  const { value, pairs } = clipScore(rows.features, rows.texts, program);
  const values = [...pairs];
  const title = `CLIP score, ${network}`;
  const figure: RunFigure = {
    title,
    metric,
    convention,
    ...meanOf(values),
    value,
    interval: { ...bootstrapInterval(values) },
    samples: await sets.recordOf("samples", network),
    settings: {},
    notes: [],
  };
  const scores = [{
    name: `${metric} ${network}`,
    title,
    better: "higher" as const,
    values,
  }];
  return { figures: [figure], scores };
}

async function vendiFigures(
  sets: RunSets,
  { metric, network, convention }: MetricRecord,
): Promise<Figured> {
  const of = async (set: "samples" | "reference") =>
    (await sets.extracted(set, network)).rows.features;
  const samples = await of("samples");
  const reference = await of("reference");
  // It grows with the number of pictures.
  const count = Math.min(samples.count, reference.count);
  const first = ({ width, data }: typeof samples) => (
    { count, width, data: data.subarray(0, count * width) }
  );
  const figure: RunFigure = {
    title: "Diversity (Vendi score)",
    metric,
    convention,
    value: await vendiScore(first(samples)),
    ofReference: await vendiScore(first(reference)),
    samples: await sets.recordOf("samples", network),
    reference: await sets.recordOf("reference", network),
    settings: { count },
    notes: [],
  };
  return { figures: [figure], scores: [] };
}

/** A mean over pictures of a column of the tokenizer's rows. */
function ofPixels(title: string, column: number): Compute {
  return async (sets, { metric, network, convention }) => {
    const { rows: { features } } = await sets.extracted("samples", network);
    const { width, data } = features;
    const values = [...data.filter((_, i) => i % width === column)];
    const figure: RunFigure = {
      title,
      metric,
      convention,
      ...meanOf(values),
      interval: { ...bootstrapInterval(values) },
      samples: await sets.recordOf("samples", network),
      settings: {},
      notes: [],
    };
    const scores = [{ name: metric, title, better: "higher" as const, values }];
    return { figures: [figure], scores };
  };
}

/** What the tokens of all pictures come to, by how often each code occurs. */
function ofCodes(
  title: string,
  compute: (counts: Float64Array) => number,
): Compute {
  return async (sets, { metric, network, convention }) => {
    const { rows: { tokens } } = await sets.extracted("samples", network);
    const codes = Number(sets.record.settings.codes);
    const counts = new Float64Array(codes);
    for (const id of tokens.data) counts[id]++;
    const figure: RunFigure = {
      title,
      metric,
      convention,
      value: compute(counts),
      samples: await sets.recordOf("samples", network),
      settings: { codes, tokens: tokens.data.length },
      notes: [],
    };
    return { figures: [figure], scores: [] };
  };
}
