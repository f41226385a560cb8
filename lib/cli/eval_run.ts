/** What evaluations do once their arguments are understood. */

import { basename, join } from "node:path";
import { linesOf } from "../../eval/run/files.ts";
import { executeRun, type RunPlan } from "../../eval/run/execute.ts";
import { runHash, samplesHash } from "../../eval/run/open_run.ts";
import { writeReport } from "../../eval/report/report.ts";
import type { RunMetrics, RunRecord, Sample } from "../../eval/run/record.ts";
import { runVersions } from "../../eval/run/versions.ts";
import { writeAtomicSync } from "../run/atomic.ts";
import { type OpenedPictures, openPictures } from "./eval_source.ts";
import type { RunRequest } from "./eval_run_args.ts";
import { metricsText } from "./eval_run_text.ts";
import { createStatus, progressText, type Status } from "./status.ts";

/** Pictures of a block of features. */
const BLOCK = 64;

/** What a protocol brings. */
export interface Protocol {
  readonly name: string;
  readonly samples: readonly Sample[];
  readonly record: Pick<
    RunRecord,
    "reference" | "settings" | "networks" | "metrics"
  >;
  readonly extractors: RunPlan["extractors"];
  readonly reference?: RunPlan["reference"];
  readonly statistics?: string;
  /** What of the data set couldn't be used; nothing by default. */
  readonly leftOut?: RunPlan["leftOut"];
  /** Whether to say first how long it takes. */
  readonly estimated?: boolean;
  /** Another run, which saw the same reference perhaps. */
  readonly alike?: string;
  /** Frees its networks. */
  release(): Promise<void>;
}

/** Only writes the prompts, if that is asked for. */
export function writeList(
  { list }: RunRequest,
  samples: readonly Sample[],
): boolean {
  if (list === undefined) return false;
  writeAtomicSync(list, new TextEncoder().encode(linesOf(samples)));
  console.log(list);
  return true;
}

/** Runs a protocol; its figures are still to be printed. */
export async function runProtocol(
  request: RunRequest,
  protocol: Protocol,
): Promise<DoneRun> {
  return await runPictures(
    request,
    protocol,
    (status) => openPictures(request, protocol.samples, status),
  );
}

/** As {@linkcode runProtocol}, of pictures that are opened in another way. */
export async function runPictures(
  request: Pick<RunRequest, "model" | "seed" | "shard" | "out">,
  protocol: Protocol,
  open: (status: (text: string) => void) => Promise<OpenedPictures>,
): Promise<DoneRun> {
  const status = createStatus();
  let drawn: OpenedPictures | undefined;
  try {
    status.show(`loading ${request.model}`);
    drawn = await open(status.show);
    const { source, samples } = drawn;
    const record: RunRecord = {
      format: "muselab run",
      version: 1,
      protocol: protocol.name,
      source,
      samples: {
        count: samples.length,
        seed: request.seed,
        hash: samplesHash(samples),
      },
      ...protocol.record,
      block: BLOCK,
      ...(request.shard ? { shard: request.shard } : {}),
      versions: runVersions(),
    };
    const folder = folderOf(request, record);
    const { extractors, reference, statistics, estimated, alike } = protocol;
    const metrics = await executeRun({
      folder,
      record,
      samples,
      leftOut: protocol.leftOut ?? [],
      ...(drawn.drawing && { drawing: drawn.drawing }),
      extractors,
      ...(reference && { reference }),
      ...(statistics !== undefined && { statistics }),
      ...(estimated && { estimated }),
      ...(alike !== undefined && { alike }),
    }, listenerOf(status));
    const report = metrics && await writeReport(folder);
    return { folder, record, metrics, report };
  } finally {
    status.clear();
    // The model is still there where the run failed before it had drawn all.
    await Promise.all([drawn?.drawing?.release(), protocol.release()]);
  }
}

/** A run whose work is done. */
export interface DoneRun {
  readonly folder: string;
  readonly record: RunRecord;
  /** Neither figures nor a page of a part. */
  readonly metrics: RunMetrics | undefined;
  /** The path of the page. */
  readonly report: string | undefined;
}

/** Prints the figures of a run, or that a part is done; returns the exit code. */
export function printRun(
  { json }: Pick<RunRequest, "json">,
  done: DoneRun,
): number {
  const { folder, record, metrics, report } = done;
  if (json) console.log(JSON.stringify(done, null, 2));
  else if (metrics) {
    console.log(`${metricsText(record, metrics)}\n\n${report}`);
  } else {
    const { index, count } = record.shard!;
    console.log(
      `${folder}: part ${index} of ${count} is complete; put all of them ` +
        `together with \`deno task eval merge\``,
    );
  }
  return 0;
}

/**
 * Shows how a run goes. What is done is told from 0 on, when its clock starts;
 * other work may be told of in between.
 *
 * @param now milliseconds
 */
export function listenerOf(
  status: Status,
  now: () => number = () => performance.now(),
) {
  const begun = new Map<string, { time: number; before: number }>();
  return {
    progress(verb: string, done: number, total: number) {
      const known = done === 0 ? undefined : begun.get(verb);
      // What is done when it is first told may have been there already.
      const { time, before } = known ?? { time: now(), before: done };
      begun.set(verb, { time, before });
      const seconds = (now() - time) / 1000;
      status.show(progressText(verb, done, total, seconds, before));
    },
    wait: () => status.show("another process works on this run; waiting"),
    note(text: string) {
      status.clear(); // it may be on the same terminal
      console.error(text);
    },
  };
}

function folderOf(
  { out, shard }: Pick<RunRequest, "out" | "shard">,
  record: RunRecord,
): string {
  const { protocol, source } = record;
  const of = basename(source.kind === "model" ? source.name : source.path);
  const name = `${protocol}-${of.replaceAll(/[^\w.-]+/g, "-")}`;
  const whole = out ?? join("runs", `${name}-${runHash(record).slice(0, 8)}`);
  return shard ? `${whole}-${shard.index}-of-${shard.count}` : whole;
}
