/** Another system's pictures in place of drawn ones. */

import { createHash } from "node:crypto";
import { parse, resolve } from "node:path";
import {
  MOST_IMAGE_BYTES,
  readStored,
  type StoredFile,
} from "../../datasets/files/place.ts";
import { openPictures } from "../pictures/picture_set.ts";
import type { RunSource, Sample } from "./record_types.ts";

/** Pictures of a folder as a run takes them. */
export interface ImageFolder {
  /** What a run's record says of them. */
  readonly source: Extract<RunSource, { kind: "images" }>;
  /** Each with its file. */
  readonly samples: readonly Sample[];
}

/**
 * Finds the picture of each sample in a folder or below it: named by the
 * sample's number, as 12.png or 000012.png, or as the data set's own picture,
 * with any ending.
 *
 * @throws Error if one is missing or there are two
 */
export async function openImageFolder(
  folder: string,
  samples: readonly Sample[],
  onProgress: (done: number, total: number) => void = () => {},
): Promise<ImageFolder> {
  const files = await picturesOf(folder);
  const byStem = new Map<string, StoredFile[]>();
  for (const file of files) {
    const stem = keyOf(parse(file.name).name);
    byStem.set(stem, [...byStem.get(stem) ?? [], file]);
  }
  const found = samples.map((sample) => {
    const keys = [keyOf(parse(sample.id).name), String(sample.index)];
    const some = new Set(keys.flatMap((key) => byStem.get(key) ?? []));
    if (some.size === 1) return [...some][0];
    throw new Error(
      `Cannot judge the pictures in ${folder}: of sample ${sample.index} ` +
        `("${sample.id}") there ` +
        (some.size === 0
          ? `is none among ${byStem.size}; name it ${sample.index}.png`
          : `are ${[...some].map(({ name }) => name).join(" and ")}`),
    );
  });
  const hash = createHash("sha256");
  for (const [done, file] of found.entries()) {
    hash.update(await readStored(file, MOST_IMAGE_BYTES));
    onProgress(done + 1, found.length);
  }
  return {
    source: { kind: "images", path: folder, hash: hash.digest("hex") },
    samples: samples.map((sample, i) => ({
      ...sample,
      file: resolve(folder, found[i].name),
    })),
  };
}

/** The files that `eval fid` takes for pictures too, none of them packed. */
async function picturesOf(folder: string): Promise<readonly StoredFile[]> {
  const { places } = await openPictures(folder);
  const info = await Deno.stat(folder).catch(() => undefined);
  if (info?.isDirectory && places.kind === "files") return places.files;
  throw new Error(
    `Cannot judge the pictures in ${folder}: it is not a folder; unpack it, ` +
      `and name the folder`,
  );
}

/** Numbers without the zeros before them. */
function keyOf(stem: string): string {
  return /^\d+$/.test(stem) ? String(Number(stem)) : stem;
}
