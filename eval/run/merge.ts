/** Parts of a run, perhaps of several machines, put together. */

import { join } from "node:path";
import { makeAtomic } from "../../lib/run/atomic.ts";
import { exists } from "../../lib/run/exists.ts";
import { blockName, blocksOf } from "./blocks.ts";
import { reported } from "./files.ts";
import { finishRun } from "./finish.ts";
import { imagePath, samplesOf } from "./images.ts";
import { differences, openRun, readRun, type Run } from "./open_run.ts";
import { RUN_FILES, type RunMetrics } from "./record.ts";
import { picturesOf, seesReference } from "./run_sets.ts";

/**
 * Puts all parts of a run together in a folder of its own: what one machine
 * would have written there.
 *
 * @throws Error if a part is missing, comes twice, isn't complete or is of
 * another run
 */
export async function mergeRuns(
  folders: readonly string[],
  out: string,
  onProgress: (verb: string, done: number, total: number) => void = () => {},
): Promise<RunMetrics> {
  const parts: Run[] = [];
  for (const folder of folders) parts.push(await readRun(folder));
  checkParts(parts);
  const [{ record: { shard: _, ...record }, ...first }] = parts;
  const run = await openRun({ ...first, folder: out, record });
  const files = parts.flatMap((part) => filesOf(part));
  onProgress("copied", 0, files.length);
  for (const [done, { from, name }] of files.entries()) {
    await copyFile(join(from.folder, name), join(out, name), from);
    onProgress("copied", done + 1, files.length);
  }
  return await finishRun(
    run,
    (done, total) => onProgress("computed", done, total),
  );
}

function checkParts(parts: readonly Run[]): void {
  const [first] = parts;
  const refuse = (why: string): never => {
    throw new Error(`Cannot merge ${first.folder} and others: ${why}`);
  };
  for (const { folder, record } of parts) {
    if (!record.shard) {
      refuse(`${folder} is a whole run, and parts of one are wanted`);
    }
    const found = differences(
      { ...first.record, shard: first.record.shard?.count },
      { ...record, shard: record.shard?.count },
    );
    if (found.length > 0) {
      refuse(
        `${folder} is of another run: ` +
          found.join(", ").replaceAll(
            /\bshard was/g,
            "the number of parts was",
          ),
      );
    }
  }
  const { count } = first.record.shard!;
  const indices = parts.map(({ record }) => record.shard!.index);
  const missing = Array.from({ length: count }, (_, i) => i + 1)
    .filter((index) => !indices.includes(index));
  if (missing.length > 0) {
    refuse(`of ${count} parts, ${missing.join(", ")} are missing`);
  }
  if (indices.length > count) {
    const twice = indices.find((index, i) => indices.indexOf(index) !== i);
    refuse(`part ${twice} is there twice`);
  }
}

/** The files that a part adds to the whole. */
function filesOf(part: Run): { readonly from: Run; readonly name: string }[] {
  const { record } = part;
  const names: string[] = [];
  if (record.source.kind === "model") {
    for (const sample of samplesOf(part)) {
      names.push(imagePath({ ...part, folder: "" }, sample));
    }
  }
  for (const { name } of record.networks) {
    for (const set of ["samples", "reference"] as const) {
      if (set === "reference" && !seesReference(record, name)) continue;
      const { count } = picturesOf(record, set);
      for (const block of blocksOf(record, count)) {
        names.push(join(RUN_FILES.features, set, name, blockName(block)));
      }
    }
  }
  if (record.reference?.kind === "statistics") {
    names.push(RUN_FILES.statistics);
  }
  return names.map((name) => ({ from: part, name }));
}

async function copyFile(from: string, to: string, part: Run): Promise<void> {
  if (!await exists(from)) {
    throw new Error(
      `Cannot merge ${part.folder}: ${from} is missing; the part is not ` +
        `complete, run its command again`,
    );
  }
  await Deno.mkdir(join(to, ".."), { recursive: true });
  await reported(to, () =>
    makeAtomic(to, async (file) => {
      using source = await Deno.open(from);
      const buffer = new Uint8Array(1 << 20);
      for (let read; (read = await source.read(buffer)) !== null;) {
        for (let done = 0; done < read;) {
          done += await file.write(buffer.subarray(done, read));
        }
      }
    }));
}
