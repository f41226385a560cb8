/** What evaluations do once their arguments are understood. */

import { basename, join } from "node:path";
import { linesOf } from "../../eval/run/files.ts";
import { executeRun, type RunPlan } from "../../eval/run/execute.ts";
import { openImageFolder } from "../../eval/run/image_folder.ts";
import { runHash, samplesHash } from "../../eval/run/open_run.ts";
import { writeReport } from "../../eval/report/report.ts";
import type { RunMetrics, RunRecord, Sample } from "../../eval/run/record.ts";
import { runVersions } from "../../eval/run/versions.ts";
import { generate, type Model, openMuse } from "../muse/pipeline.ts";
import { writeAtomicSync } from "../run/atomic.ts";
import { pixelsOf } from "../vqgan/config.ts";
import { batchSize } from "./batch_size.ts";
import { effectiveSettings } from "./effective_settings.ts";
import { adapterText, precisionText } from "./generate_text.ts";
import { loadModel, prepareModel, readAhead } from "./load_model.ts";
import type { RunRequest } from "./eval_run_args.ts";
import { metricsText } from "./eval_run_text.ts";
import {
  SETTING_NAMES,
  type Settings,
  settingText,
  settingValue,
} from "./setting_forms.ts";
import { createStatus, progressText } from "./status.ts";

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

/** Pictures to judge, and where they are from. */
export type OpenedPictures =
  & Pick<RunPlan, "samples" | "drawing">
  & { readonly source: RunRecord["source"] };

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
  try {
    status.show(`loading ${request.model}`);
    const drawn = await open(status.show);
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
    await protocol.release();
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

/** Shows how a run goes. */
export function listenerOf(status: ReturnType<typeof createStatus>) {
  let began = performance.now();
  let last = "";
  return {
    progress(verb: string, done: number, total: number) {
      if (verb !== last) [last, began] = [verb, performance.now()];
      const seconds = (performance.now() - began) / 1000;
      status.show(progressText(verb, done, total, seconds));
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

/** Pictures to judge: of a model, or of a folder. */
async function openPictures(
  request: RunRequest,
  samples: readonly Sample[],
  status: (text: string) => void,
): Promise<OpenedPictures> {
  const { pictures } = request;
  if (pictures.kind === "images") {
    const { folder } = pictures;
    return await openImageFolder(
      folder,
      samples,
      (done, total) => status(`read ${done} of ${total} pictures of ${folder}`),
    );
  }
  await prepareModel(request);
  const superres = pictures.settings.superresSteps !== 0;
  const model = await loadModel(request, { superres });
  const settings = effectiveSettings(pictures.settings, model);
  const [height, width] = sizeOf(model, settings);
  tellCuts(model, samples);
  return {
    samples,
    source: {
      kind: "model",
      name: model.name,
      hash: model.hash,
      settings: { ...textsOf(settings), ...adapterText(request.published) },
      width,
      height,
      precision: precisionText(request.run).precision ?? "float32",
    },
    drawing: {
      batch: await batchSize({
        ...{ batch: request.batch, run: request.run, settings, status },
        count: samples.length,
      }, model),
      release: () => model.release(),
      draw: drawer(request, model, settings),
    },
  };
}

function drawer(
  request: RunRequest,
  model: Model,
  settings: Settings,
): NonNullable<RunPlan["drawing"]>["draw"] {
  let opened: Promise<void> | undefined;
  return async (samples) => {
    opened ??= openMuse(model, settings);
    await opened;
    const prompts = samples.map(({ caption }) => caption);
    await readAhead(request, model, prompts);
    const seed = samples.map(({ seed }) => seed);
    const { pictures } = await generate(model, prompts, { ...settings, seed });
    return pictures;
  };
}

/** Says how many captions a model doesn't read to their end. */
function tellCuts({ encoder }: Model, samples: readonly Sample[]): void {
  const { tokenizer, length } = encoder;
  const cut = samples.filter(({ caption }) =>
    tokenizer.encode(caption).length > length
  );
  if (cut.length === 0) return;
  console.error(
    `The model reads the first ${length} text ids of a caption; ` +
      `${cut.length} of ${samples.length} have more.`,
  );
}

/** Height and width of a model's pictures. */
function sizeOf(
  { base, tokenizer, superres }: Model,
  { superresSteps = 0 }: Settings,
): readonly [number, number] {
  if (superres && superresSteps > 0) {
    const { imageSize } = superres.tokenizer.config;
    return [imageSize, imageSize];
  }
  return pixelsOf(tokenizer.config, base.config.grid);
}

/** Settings in the form that their options take. */
function textsOf(settings: Settings): Record<string, string | number> {
  return Object.fromEntries(
    SETTING_NAMES.flatMap((name) => {
      const value = settingValue(settings, name);
      const text = settingText(settings, name);
      if (text === undefined) return [];
      return [[name, typeof value === "number" ? value : text]];
    }),
  );
}
