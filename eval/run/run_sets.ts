/** The sets of a run that figures are computed of. */

import { join } from "node:path";
import { hashFeatures } from "../metrics/features.ts";
import { readSampleSet, type SampleSet } from "../metrics/sample_set.ts";
import { originOf } from "../metrics/statistics_file.ts";
import { type AllExtracted, type Pictures, readExtracted } from "./features.ts";
import { hashOf } from "./files.ts";
import type { Run } from "./open_run.ts";
import {
  type LeftOutLine,
  type NetworkRecord,
  RUN_FILES,
  type RunFigure,
  type RunRecord,
} from "./record.ts";

/** Metrics that need no reference. */
const ALONE = [
  "clip-score",
  "is",
  "psnr",
  "ssim",
  "codes-used",
  "code-perplexity",
];

/** Whether a network has to see the reference too. */
export function seesReference(record: RunRecord, network: string): boolean {
  return record.reference?.kind === "pictures" &&
    record.metrics.some((one) =>
      one.network === network && !ALONE.includes(one.metric)
    );
}

/** What a run's pictures, or its reference's, are to their features. */
export function picturesOf(
  { source, samples, reference }: RunRecord,
  set: Pictures["set"],
): Pick<Pictures, "set" | "count" | "hash"> {
  if (set === "samples") {
    const hash = hashOf([source, samples.hash]);
    return { set, count: samples.count, hash };
  }
  return { set, count: reference?.count ?? 0, hash: reference?.hash ?? "" };
}

/** The sets of a run, each read once. */
export interface RunSets {
  readonly record: RunRecord;
  /** All that a network said of a set. */
  extracted(set: Pictures["set"], network: string): Promise<AllExtracted>;
  /** The same as metrics take it. */
  sampleSet(set: Pictures["set"], network: string): Promise<SampleSet>;
  /** The same in a figure. */
  recordOf(
    set: Pictures["set"],
    network: string,
  ): Promise<RunFigure["samples"]>;
  /** All that couldn't be used, once each. */
  leftOut(): Promise<LeftOutLine[]>;
}

/** Opens the sets of a run whose features are all there. */
export function openSets(run: Run): RunSets {
  const { record } = run;
  const read = new Map<string, Promise<AllExtracted>>();
  const hashes = new Map<string, string>();

  function extracted(set: Pictures["set"], name: string) {
    const key = `${set}/${name}`;
    const known = read.get(key) ??
      readExtracted(run, picturesOf(record, set), networkOf(record, name));
    read.set(key, known);
    return known;
  }

  async function sampleSet(
    set: Pictures["set"],
    name: string,
  ): Promise<SampleSet> {
    if (set === "reference" && record.reference?.kind === "statistics") {
      return await readStatistics(run, name);
    }
    const { rows: { features, logits } } = await extracted(set, name);
    if (!features) {
      throw new Error(
        `Cannot measure the run ${run.folder}: none of the pictures of its ` +
          `${set} could be read; see ${RUN_FILES.leftOut}`,
      );
    }
    const key = `${set}/${name}`;
    const hash = hashes.get(key) ?? hashFeatures(features);
    hashes.set(key, hash);
    const { kind: network, hash: weights, resize } = networkOf(record, name);
    return {
      name: nameOf(record, set),
      hash,
      ...{ network, weights, resize, precision: "fp32" },
      features,
      ...(logits ? { logits } : {}),
    };
  }

  return {
    record,
    extracted,
    sampleSet,
    recordOf: async (set, name) => describeSet(await sampleSet(set, name)),
    async leftOut() {
      const lines = new Map<string, LeftOutLine>();
      for (const { name } of record.networks) {
        if (!seesReference(record, name)) continue;
        const { leftOut } = await extracted("reference", name);
        for (const line of leftOut) lines.set(line.name, line);
      }
      return [...lines.values()];
    },
  };
}

/** The reference of a run that compares with known statistics. */
async function readStatistics(
  { folder, record }: Run,
  network: string,
): Promise<SampleSet> {
  return {
    network: networkOf(record, network).kind, // unless they say which
    ...await readSampleSet(join(folder, RUN_FILES.statistics)),
    name: nameOf(record, "reference"),
  };
}

/** What a figure says of a set. */
function describeSet(set: SampleSet): RunFigure["samples"] {
  const { name, hash, features, statistics } = set;
  const { network, weights, resize, precision } = set;
  const count = features?.count ?? statistics?.count;
  return {
    name,
    hash,
    width: features?.width ?? statistics!.mean.length,
    ...(count === undefined ? {} : { count }),
    ...originOf({ network, weights, resize, precision }),
  };
}

/** The network of a run's record. */
function networkOf(record: RunRecord, name: string): NetworkRecord {
  const network = record.networks.find((one) => one.name === name);
  if (network) return network;
  throw new Error(`Cannot measure a run by ${name}: it is not one of its own`);
}

function nameOf({ source, reference }: RunRecord, set: Pictures["set"]) {
  if (set === "reference") return reference?.name ?? set;
  return source.kind === "model" ? source.name : source.path;
}
