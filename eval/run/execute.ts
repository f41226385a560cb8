/** A run from beginning to end: pictures, features, figures. */

import { join } from "node:path";
import { withLock } from "../../lib/hub/lock.ts";
import { readSampleSet } from "../metrics/sample_set.ts";
import { extractMissing, type Extractor, type Pictures } from "./features.ts";
import { checkMetrics } from "./figures.ts";
import { finishRun } from "./finish.ts";
import { checkRoom, writeRunFile } from "./files.ts";
import { type DrawingOptions, drawMissing } from "./images.ts";
import { estimateRun } from "./estimate.ts";
import { openRun, type Run } from "./open_run.ts";
import type { PictureSource } from "./picture_source.ts";
import { RUN_FILES, type RunMetrics } from "./record.ts";
import { setsFor } from "./seen_sets.ts";
import { takeReference } from "./take_reference.ts";

/** How a run's pictures are drawn. */
export interface RunDrawing extends Omit<DrawingOptions, "onProgress"> {
  /**
   * Called when all are drawn: the model isn't needed any more. It may be called
   * again, for a run that fails before.
   */
  readonly release: () => Promise<void>;
}

/** All that a run takes. */
export interface RunPlan extends Run {
  /** Nothing where the pictures are another system's. */
  readonly drawing?: RunDrawing;
  /** Pictures of the reference, where it is pictures. */
  readonly reference?: PictureSource;
  /** The file of the reference's statistics, where it is that. */
  readonly statistics?: string;
  /** In the order of the record's networks. */
  readonly extractors: readonly Extractor[];
  /** Whether to say first how long it takes. */
  readonly estimated?: boolean;
  /**
   * The folder of a run of other pictures: what its networks said of the same
   * reference is taken over.
   */
  readonly alike?: string;
}

/** Who is told how it goes. */
export interface RunListener {
  /** What is done, such as "drew", and how much of how much. */
  progress(verb: string, done: number, total: number): void;
  /** Another process works on the run. */
  wait(): void;
  /** Says something that stays. */
  note(text: string): void;
}

/** Bytes of a picture's file and of its features, more than usual. */
const BYTES_A_PICTURE = 3;
const BYTES_A_ROW = 20_000;

/**
 * Does what of a run isn't done yet.
 *
 * @returns the figures; nothing for a part of a run
 * @throws Error if the folder has another run, or what isn't one; and for
 * metrics that can't be computed of so many pictures, or of such a reference
 */
export async function executeRun(
  plan: RunPlan,
  listener: RunListener,
): Promise<RunMetrics | undefined> {
  const { folder, record } = plan;
  checkMetrics({
    ...record,
    samples: record.samples.count,
    ...(plan.statistics !== undefined && {
      statistics: await readSampleSet(plan.statistics),
    }),
  });
  await Deno.mkdir(folder, { recursive: true });
  return await withLock(
    join(folder, ".lock"),
    () => listener.wait(),
    async () => {
      const { samples, leftOut } = plan;
      const run = await openRun({ folder, record, samples, leftOut });
      checkRoom(folder, bytesOf(plan));
      if (plan.statistics !== undefined) {
        const to = join(folder, RUN_FILES.statistics);
        await writeRunFile(to, await Deno.readFile(plan.statistics));
      }
      if (plan.alike !== undefined) await takeReference(run, plan.alike);
      if (plan.estimated) {
        listener.note(
          await estimateRun(run, plan, (text) => listener.progress(text, 0, 0)),
        );
      }
      if (plan.drawing) {
        const { release, ...drawing } = plan.drawing;
        const onProgress = (done: number, total: number) =>
          listener.progress("drew", done, total);
        await drawMissing(run, { ...drawing, onProgress });
        await release();
      }
      await extractAll(run, plan, listener);
      if (record.shard) return undefined;
      return await finishRun(
        run,
        (done, total) => listener.progress("computed", done, total),
      );
    },
  );
}

async function extractAll(
  run: Run,
  { extractors, reference }: RunPlan,
  listener: RunListener,
): Promise<void> {
  for (const extractor of extractors) {
    const { name } = extractor.network;
    for (const pictures of setsFor(run, name, reference)) {
      await extractMissing(
        run,
        pictures,
        extractor,
        (done, total) =>
          listener.progress(verbOf(name, pictures.set), done, total),
        ({ done, total }) =>
          listener.progress("drew the emoji of scenes:", done, total),
      );
    }
  }
}

/** Such as "probe read reference pictures:". */
function verbOf(name: string, set: Pictures["set"]): string {
  const what = set === "reference" ? "reference pictures" : "the samples";
  return `${name} read ${what}:`;
}

/** About what a run takes on the disk. */
function bytesOf({ record, drawing, extractors }: RunPlan): number {
  const { source, samples, reference, shard } = record;
  const pixels = source.kind === "model" ? source.width * source.height : 0;
  const pictures = drawing ? samples.count * pixels * BYTES_A_PICTURE : 0;
  const rows = samples.count + (reference?.count ?? 0);
  const all = pictures + rows * extractors.length * BYTES_A_ROW;
  return all / (shard?.count ?? 1);
}
