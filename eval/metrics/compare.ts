/** Figures of two sets of samples. */

import { frechetBias } from "./frechet_bias.ts";
import type { MetricFigure, MetricName, SetRecord } from "./metric_figure.ts";
import {
  type CompareOptions,
  type Context,
  METRICS,
  type Part,
} from "./metric_table.ts";
import {
  type Gaussian,
  gaussianOf,
  momentsOf,
  storedGaussian,
} from "./moments.ts";
import type { SampleSet } from "./sample_set.ts";
import { originOf } from "./statistics_file.ts";

export type { CompareOptions } from "./metric_table.ts";

/** Names of the metrics. */
export const METRIC_NAMES: readonly MetricName[] = Object.keys(
  METRICS,
) as MetricName[];

/** The only network whose features a metric is of, if there is one. */
export function networkOf(name: MetricName): string | undefined {
  return METRICS[name].network;
}

/** Whether statistics are enough for a metric. */
export function isOfStatistics(name: MetricName): boolean {
  const { of, against = "statistics" } = METRICS[name];
  return of === "statistics" && against === "statistics";
}

/** Programs in whose way some metric can be computed. */
export const CONVENTION_NAMES: readonly string[] = [
  ...new Set(Object.values(METRICS).flatMap((metric) => metric.conventions)),
].sort();

/**
 * Compares samples with a reference, by one metric after the other. What a set
 * lacks for one of them is said before any is computed.
 *
 * @throws Error if a set lacks what a metric looks at, the sets are of different
 * networks, or a metric isn't computed in the way that is asked for
 */
export async function compareSets(
  samples: SampleSet,
  reference: SampleSet,
  names: readonly MetricName[],
  options: CompareOptions = {},
): Promise<readonly MetricFigure[]> {
  for (const name of names) checkMetric(samples, reference, name, options);
  const gaussians = gaussiansOf(samples, reference, options);
  const figures: MetricFigure[] = [];
  for (const name of names) {
    const metric = METRICS[name];
    const { conventions, usual, of, against, measure, settings } = metric;
    const convention = options.convention ??
      usual?.[samples.network ?? ""] ?? conventions[0];
    const context = { samples, reference, gaussians, convention, options };
    const isDistance = name === "fid" || name === "fd-dinov2";
    const notes = [
      ...metric.notes?.(context) ?? [],
      ...isDistance ? await notesOfFew(context) : [],
    ];
    for (const measured of await measure(context)) {
      figures.push({
        ...measured,
        metric: name,
        convention,
        samples: recordOf(samples, of),
        ...(against ? { reference: recordOf(reference, against) } : {}),
        settings: settings(context),
        notes,
      });
    }
  }
  return figures;
}

/**
 * Refuses a metric of which a set lacks something.
 *
 * @throws Error as {@linkcode compareSets}
 */
export function checkMetric(
  samples: SampleSet,
  reference: SampleSet,
  name: MetricName,
  { convention }: CompareOptions,
): void {
  const { conventions, of, against, network } = METRICS[name];
  if (convention !== undefined && !conventions.includes(convention)) {
    throw new Error(
      `Cannot compute ${name} as ${convention} does: wanted one of ` +
        conventions.join(", "),
    );
  }
  checkNetwork(samples, name, network);
  checkHas(samples, name, of);
  if (!against) return;
  checkNetwork(reference, name, network);
  checkHas(reference, name, against);
  checkOrigins(samples, reference);
}

function checkNetwork(
  { name, network }: SampleSet,
  metric: MetricName,
  wanted: string | undefined,
): void {
  if (network === wanted || network === undefined || wanted === undefined) {
    return;
  }
  throw new Error(
    `Cannot compute ${metric} of ${name}: its features are of ${network}, ` +
      `wanted those of ${wanted}`,
  );
}

/** What features have to have in common. */
const ORIGINS = {
  network: "of the network",
  weights: "by weights with the hash",
  resize: "of pictures resized as",
  precision: "computed in",
} as const;

function checkOrigins(samples: SampleSet, reference: SampleSet): void {
  for (const [part, text] of Object.entries(ORIGINS)) {
    const name = part as keyof typeof ORIGINS;
    const [a, b] = [samples[name], reference[name]];
    if (a === undefined || b === undefined || a === b) continue;
    throw new Error(
      `Cannot compare ${samples.name} with ${reference.name}: features ` +
        `${text} ${a} with ${b}; wanted the same`,
    );
  }
}

function checkHas(set: SampleSet, name: MetricName, part: Part): void {
  if (set[part] ?? (part === "statistics" && set.features)) return;
  const parts = ["statistics", "features", "logits"] as const;
  throw new Error(
    `Cannot compute ${name} of ${set.name}: it has no ${part}, only ` +
      parts.filter((part) => set[part]).join(" and "),
  );
}

/** Statistics of both sets, computed once. */
function gaussiansOf(
  samples: SampleSet,
  reference: SampleSet,
  options: CompareOptions,
): Context["gaussians"] {
  const known = new Map<0 | 1, Promise<[Gaussian, Gaussian]>>();
  const find = async (set: SampleSet, lost: 0 | 1): Promise<Gaussian> =>
    set.statistics
      ? storedGaussian(set.statistics, lost)
      : gaussianOf(await momentsOf(set.features!, options), lost);
  return (lost) => {
    const pair = known.get(lost) ??
      Promise.all([find(samples, lost), find(reference, lost)]);
    known.set(lost, pair);
    return pair;
  };
}

/** Below it TTUR, the first program for FID, advises against the figure. */
const FEW = 10_000;

async function notesOfFew(
  { samples, reference, gaussians, options }: Context,
): Promise<readonly string[]> {
  const counts = [samples, reference].flatMap((set) =>
    recordOf(set, "statistics").count ?? []
  );
  if (counts.every((count) => count >= FEW)) return [];
  const [, { covariance }] = await gaussians(1);
  // It is inverse to the count, so that one of them is enough.
  const ofOne = await frechetBias(covariance, 1, options);
  const bias = counts.reduce((sum, count) => sum + ofOne / count, 0);
  return [
    `few samples: sets of ${counts.join(" and ")} of one and the same ` +
    `distribution would be about ${bias.toPrecision(2)} apart. Compare with ` +
    `sets of the same sizes only, or by fid-inf.`,
  ];
}

function recordOf(set: SampleSet, part: Part): SetRecord {
  const { name, hash, features, logits, statistics } = set;
  const { network, weights, resize, precision } = set;
  const matrix = part === "logits" ? logits : features;
  const count = matrix?.count ?? statistics?.count;
  return {
    name,
    hash,
    width: matrix?.width ?? statistics!.mean.length,
    ...(count === undefined ? {} : { count }),
    ...originOf({ network, weights, resize, precision }),
  };
}
