/** What `eval coco` and `eval cc3m` compare with. */

import { basename } from "node:path";
import type { LeftOut } from "../../datasets/files/place.ts";
import type { PairSet } from "../../datasets/pairs/pair.ts";
import {
  readSampleSet,
  type SampleSet,
} from "../../eval/metrics/sample_set.ts";
import { pairReference, setReference } from "../../eval/protocols/pairs.ts";
import type { RunPlan } from "../../eval/run/execute.ts";
import type { RunRecord, Sample } from "../../eval/run/record.ts";
import type { PairRequest } from "./eval_pairs_args.ts";
import {
  openNamedPairs,
  openNamedSource,
  statisticsPath,
} from "./named_sets.ts";

/** The reference, as the record names it and as the run reads it. */
export interface OpenedReference {
  readonly record: Pick<RunRecord, "reference">;
  readonly plan: Pick<RunPlan, "reference" | "statistics">;
  /** What the statistics are, where it is those. */
  readonly statistics?: SampleSet;
  /** What of another data set is missing. */
  readonly leftOut: readonly LeftOut[];
}

/**
 * Opens the reference: pictures of the set, or what `eval fid` takes by a path
 * or a name.
 *
 * @throws Error if there is no such thing, or it is features
 */
export async function openReference(
  { reference: choice, crop, side }: PairRequest,
  set: PairSet,
  samples: readonly Sample[],
): Promise<OpenedReference> {
  const shape = { crop, side };
  if (choice === "all" || choice === "same") {
    const found = pairReference(set, samples, choice, shape);
    return opened(found, []);
  }
  const named = await openNamedPairs(choice.named);
  if (named) {
    const found = pairReference(named, [], "all", shape);
    return opened(found, named.leftOut);
  }
  const source = await openNamedSource(choice.named, true);
  return source.kind === "pictures"
    ? opened(await setReference(source.set, shape), [])
    : await openStatistics(await statisticsPath(choice.named));
}

function opened(
  { record, source }: ReturnType<typeof pairReference>,
  leftOut: readonly LeftOut[],
): OpenedReference {
  return {
    record: { reference: record },
    plan: { reference: source },
    leftOut,
  };
}

async function openStatistics(path: string): Promise<OpenedReference> {
  const set = await readSampleSet(path);
  const { hash, statistics } = set;
  if (!statistics) {
    throw new Error(
      `Cannot compare with ${path}: it holds features, and statistics (mu, ` +
        `sigma) were wanted`,
    );
  }
  const { count } = statistics;
  const reference = {
    kind: "statistics" as const,
    name: basename(path),
    hash,
    ...(count === undefined ? {} : { count }),
  };
  return {
    record: { reference },
    plan: { statistics: path },
    statistics: set,
    leftOut: [],
  };
}
