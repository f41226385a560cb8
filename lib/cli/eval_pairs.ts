/** What `eval coco` and `eval cc3m` do once their arguments are understood. */

import { basename } from "node:path";
import type { PairSet } from "../../datasets/pairs/pair.ts";
import { readSampleSet } from "../../eval/metrics/sample_set.ts";
import { choosePairs } from "../../eval/protocols/choose_pairs.ts";
import { readIds } from "../../eval/protocols/id_list.ts";
import {
  type OpenExtractor,
  openRunNetwork,
} from "../../eval/protocols/networks.ts";
import { pairReference } from "../../eval/protocols/pairs.ts";
import type { RunPlan } from "../../eval/run/execute.ts";
import { hashOf } from "../../eval/run/files.ts";
import type { RunRecord, Sample } from "../../eval/run/record.ts";
import { loadTogether } from "../muse/load_together.ts";
import { checkpointPath } from "./checkpoint_path.ts";
import { UsageError } from "./errors.ts";
import type { PairRequest } from "./eval_pairs_args.ts";
import { runProtocol, writeList } from "./eval_run.ts";

/** Runs the protocol on a data set; returns the exit code. */
export async function runPairs(
  name: string,
  request: PairRequest,
  set: PairSet,
): Promise<number> {
  const { run, captions, crop, side, networks, metrics } = request;
  if (set.leftOut.length > 0) {
    console.error(
      `${set.name}: ${set.kind} of ${set.pairs.length} pictures; ` +
        `${set.leftOut.length} are left out, the first ` +
        `${set.leftOut[0].name} (${set.leftOut[0].reason})`,
    );
  }
  const ids = request.ids === undefined ? undefined : readIds(request.ids);
  const samples = choosePairs(set, {
    count: request.samples,
    seed: run.seed,
    captions,
    ...(ids && { ids }),
  });
  if (samples.length < 2) {
    throw new UsageError("an evaluation takes two samples or more.");
  }
  if (writeList(run, samples)) return 0;
  const reference = await openReference(request, set, samples);
  const paths: string[] = [];
  for (const { kind, given } of networks) {
    paths.push(await checkpointPath(kind, given, run.published.yes));
  }
  const extractors = await loadTogether(
    networks.map((network, i) =>
      openRunNetwork(
        { ...network, path: paths[i] },
        { crop, side, samples },
      )
    ),
    (all: readonly OpenExtractor[]) => all,
  );
  return await runProtocol(run, {
    name,
    samples,
    leftOut: set.leftOut,
    record: {
      ...reference.record,
      settings: {
        data: set.kind,
        captions,
        ...(ids && { ids: hashOf(ids) }),
        crop,
        side,
      },
      networks: extractors.map(({ network }) => network),
      metrics: [...metrics],
    },
    extractors,
    ...reference.plan,
    estimated: true,
    async release() {
      await Promise.all(extractors.map((one) => one.release()));
    },
  });
}

/** The reference, as the record names it and as the run reads it. */
async function openReference(
  { reference: choice, crop, side }: PairRequest,
  set: PairSet,
  samples: readonly Sample[],
): Promise<{
  readonly record: Pick<RunRecord, "reference">;
  readonly plan: Pick<RunPlan, "reference" | "statistics">;
}> {
  if (typeof choice === "string") {
    const shape = { crop, side };
    const { record, source } = pairReference(set, samples, choice, shape);
    return { record: { reference: record }, plan: { reference: source } };
  }
  const path = choice.statistics;
  const { hash, statistics } = await readSampleSet(path);
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
  return { record: { reference }, plan: { statistics: path } };
}
