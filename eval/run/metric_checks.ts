/**
 * What can be said of a run's metrics before a picture is drawn: from how many
 * pictures there are to be, and what the reference is.
 */

import { checkMetric } from "../metrics/compare.ts";
import type { Features } from "../metrics/features.ts";
import { INFINITY_CONVENTIONS } from "../metrics/frechet_infinity.ts";
import { SPLITS } from "../metrics/inception_score.ts";
import { KID_CONVENTIONS, subsetSize } from "../metrics/kid.ts";
import type { MetricName } from "../metrics/metric_figure.ts";
import { PRDC_CONVENTIONS } from "../metrics/prdc.ts";
import type { SampleSet } from "../metrics/sample_set.ts";
import type {
  MetricRecord,
  NetworkRecord,
  ReferenceRecord,
} from "./record_types.ts";

/** A run before it begins. */
export interface PlannedRun {
  /** Pictures, of all parts. */
  readonly samples: number;
  readonly metrics: readonly MetricRecord[];
  /** Weights need not be there yet. */
  readonly networks: readonly PlannedNetwork[];
  readonly reference?: ReferenceRecord | undefined;
  /** The reference where it is no pictures. */
  readonly statistics?: SampleSet | undefined;
}

/** A network of it. */
export type PlannedNetwork =
  & Pick<NetworkRecord, "name" | "kind" | "resize">
  & Partial<Pick<NetworkRecord, "hash">>;

/** Refuses what can't be computed; says how many were found and wanted. */
export type Check = (planned: PlannedRun, metric: MetricRecord) => void;

/** Of a metric that compares two sets, or looks at one alone. */
export function checkCompared(name: MetricName): Check {
  return (planned, { network, convention }) => {
    const { samples: count } = planned;
    const found = planned.networks.find((one) => one.name === network);
    if (!found) throw new Error(`the run has no network ${network}`);
    const samples = setOf("the run's pictures", count, found);
    const reference = referenceOf(planned, found);
    checkMetric(samples, reference ?? samples, name, { convention });
    const counts = [count];
    if (name !== "is") {
      if (!reference) throw new Error("the run has no reference");
      const of = reference.features?.count ?? reference.statistics?.count;
      if (of !== undefined) counts.push(of);
    }
    const { fewest, wanted } = COUNTS[name](convention, counts);
    if (fewest >= wanted) return;
    throw new Error(`found ${fewest} pictures, wanted ${wanted} or more`);
  };
}

/** Of one that says what it says of the reference too. */
export const checkReference: Check = ({ reference }) => {
  if (reference?.kind === "pictures") return;
  throw new Error(
    `found ${reference ? "statistics" : "no reference"}, wanted pictures as ` +
      `the reference`,
  );
};

/** How many pictures there are, and have to be. */
interface Enough {
  readonly fewest: number;
  readonly wanted: number;
}

type Count = (convention: string, counts: readonly number[]) => Enough;

/** Of both sets: a variance is of two. */
const two: Count = (_, counts) => ({ fewest: Math.min(...counts), wanted: 2 });

const COUNTS: Readonly<Record<MetricName, Count>> = {
  "fid": two,
  "fd-dinov2": two,
  "cmmd": (_, counts) => ({ fewest: Math.min(...counts), wanted: 1 }),
  "fid-inf"(name, [fewest]) {
    const known =
      INFINITY_CONVENTIONS[name as keyof typeof INFINITY_CONVENTIONS];
    return { fewest, wanted: known.smallest(fewest) + 1 };
  },
  "kid"(name, counts) {
    const known = KID_CONVENTIONS[name as keyof typeof KID_CONVENTIONS];
    const fewest = Math.min(...counts);
    const some = rowsOf(fewest);
    // It says itself what it wanted.
    return { fewest, wanted: subsetSize(some, some, known, {}) };
  },
  "is": (_, [fewest]) => ({ fewest, wanted: SPLITS }),
  "prdc"(name, counts) {
    const { k } = PRDC_CONVENTIONS[name as keyof typeof PRDC_CONVENTIONS];
    return { fewest: Math.min(...counts), wanted: k + 1 };
  },
};

function referenceOf(
  { reference, statistics }: PlannedRun,
  network: PlannedNetwork,
): SampleSet | undefined {
  if (!reference) return undefined;
  if (reference.kind === "pictures") {
    return setOf(reference.name, reference.count ?? 0, network);
  }
  return statistics && { ...statistics, name: reference.name };
}

/** A set of which nothing but its size and origin is known. */
function setOf(
  name: string,
  count: number,
  { kind, resize, hash }: PlannedNetwork,
): SampleSet {
  const rows = rowsOf(count);
  return {
    ...{ name, hash: "", network: kind, resize, precision: "fp32" },
    ...(hash !== undefined && { weights: hash }),
    features: rows,
    ...(kind === "inception" && { logits: rows }),
  };
}

const rowsOf = (count: number): Features => ({
  count,
  width: 1,
  data: new Float32Array(count),
});
