/** The pictures of a run: drawn where they are missing, and read. */

import { exists } from "../../lib/run/exists.ts";
import { join } from "node:path";
import { encodePng } from "../../lib/image/encode.ts";
import type { Picture } from "../../lib/image/picture.ts";
import type { PicturePlaces } from "../pictures/picture_set.ts";
import { blocksOf } from "./blocks.ts";
import { writeRunFile } from "./files.ts";
import type { Run } from "./open_run.ts";
import { imageName, RUN_FILES, type Sample } from "./record.ts";

/** Draws pictures of some samples: each depends on its own sample only. */
export type Draw = (samples: readonly Sample[]) => Promise<readonly Picture[]>;

/** How pictures are drawn. */
export interface DrawingOptions {
  /** Draws some of them. */
  readonly draw: Draw;
  /** Pictures at once. */
  readonly batch: number;
  /** Told how many are drawn of how many that were missing, from 0 on. */
  readonly onProgress?: (done: number, total: number) => void;
  /** No more than so many. */
  readonly most?: number;
}

/** The path of a sample's picture. */
export function imagePath(run: Run, { index, file }: Sample): string {
  return file ?? join(run.folder, RUN_FILES.images, imageName(index));
}

/** The samples of a run, or of the part of it that this is. */
export function samplesOf({ record, samples }: Run): Sample[] {
  return blocksOf(record, samples.length)
    .flatMap(({ start, end }) => samples.slice(start, end));
}

/** The samples whose pictures aren't there yet. */
export async function missingSamples(run: Run): Promise<Sample[]> {
  const missing: Sample[] = [];
  for (const sample of samplesOf(run)) {
    if (!await exists(imagePath(run, sample))) missing.push(sample);
  }
  return missing;
}

/** Draws every picture that isn't there yet. */
export async function drawMissing(
  run: Run,
  { draw, batch, onProgress = () => {}, most }: DrawingOptions,
): Promise<void> {
  await Deno.mkdir(join(run.folder, RUN_FILES.images), { recursive: true });
  const missing = (await missingSamples(run)).slice(0, most);
  if (missing.length > 0) onProgress(0, missing.length);
  for (let done = 0; done < missing.length; done += batch) {
    const some = missing.slice(done, done + batch);
    const pictures = await draw(some);
    for (const [i, sample] of some.entries()) {
      const { caption: prompt, seed } = sample;
      const text = { prompt, seed: String(seed), Software: "Muselab" };
      const png = await encodePng(pictures[i], text);
      await writeRunFile(imagePath(run, sample), png);
    }
    onProgress(Math.min(done + batch, missing.length), missing.length);
  }
}

/** Where the pictures of all samples are, for reading. */
export function imagePlaces(run: Run): PicturePlaces {
  return {
    kind: "files",
    files: run.samples.map((sample) => {
      const path = imagePath(run, sample);
      return {
        name: `picture ${sample.index}, ${path}`,
        bytes: 0, // its length isn't asked: it was written or hashed here
        place: { kind: "file", path },
        stamp: "",
      };
    }),
  };
}
