/** What `eval coco` and `eval cc3m` do once their arguments are understood. */

import type { PairSet } from "../../datasets/pairs/pair.ts";
import { choosePairs } from "../../eval/protocols/choose_pairs.ts";
import { readIds } from "../../eval/protocols/id_list.ts";
import {
  type OpenExtractor,
  openRunNetwork,
} from "../../eval/protocols/networks.ts";
import { checkMetrics } from "../../eval/run/figures.ts";
import { hashOf } from "../../eval/run/files.ts";
import type { Sample } from "../../eval/run/record.ts";
import { loadTogether } from "../muse/load_together.ts";
import { checkpointPath } from "./checkpoint_path.ts";
import { UsageError } from "./errors.ts";
import type { PairRequest } from "./eval_pairs_args.ts";
import { measuringOf } from "./eval_run_args.ts";
import { openReference } from "./eval_reference.ts";
import { type DoneRun, runProtocol, writeList } from "./eval_run.ts";

/**
 * Runs the protocol on a data set; nothing if only the prompts were wanted.
 *
 * @param alike another run, which saw the same reference perhaps
 */
export async function runPairs(
  name: string,
  request: PairRequest,
  set: PairSet,
  alike?: string,
): Promise<DoneRun | undefined> {
  const { run, captions, crop, side, metrics } = request;
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
  if (writeList(run, samples)) return undefined;
  const reference = await openReference(request, set, samples);
  checkMetrics({
    samples: samples.length,
    metrics,
    networks: request.networks,
    reference: reference.record.reference,
    statistics: reference.statistics,
  });
  const extractors = await openNetworks(request, samples);
  return await runProtocol(run, {
    name,
    samples,
    leftOut: [...set.leftOut, ...reference.leftOut],
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
    ...(alike !== undefined && { alike }),
    async release() {
      await Promise.all(extractors.map((one) => one.release()));
    },
  });
}

async function openNetworks(
  { run, networks, crop, side }: PairRequest,
  samples: readonly Sample[],
): Promise<readonly OpenExtractor[]> {
  const paths: string[] = [];
  // One after the other: each may have to be downloaded, or ask first.
  for (const { kind, given } of networks) {
    paths.push(await checkpointPath(kind, given, run.published.yes));
  }
  return await loadTogether(
    networks.map((network, i) =>
      openRunNetwork(
        { ...network, path: paths[i] },
        { crop, side, samples, ...measuringOf(run) },
      )
    ),
    (all: readonly OpenExtractor[]) => all,
  );
}
