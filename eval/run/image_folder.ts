/** Another system's pictures in place of drawn ones. */

import { createHash } from "node:crypto";
import { join, parse, resolve } from "node:path";
import { listFolder } from "../../datasets/files/folder.ts";
import { isImage } from "../../datasets/files/names.ts";
import type { RunRecord, Sample } from "./record.ts";

/** Pictures of a folder as a run takes them. */
export interface ImageFolder {
  readonly source: Extract<RunRecord["source"], { kind: "images" }>;
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
  const { files } = await listFolder(folder);
  const byStem = new Map<string, string[]>();
  for (const { name } of files.filter(({ name }) => isImage(name))) {
    const stem = keyOf(parse(name).name);
    byStem.set(stem, [...byStem.get(stem) ?? [], name]);
  }
  const found = samples.map((sample) => {
    const keys = [keyOf(parse(sample.id).name), String(sample.index)];
    const names = new Set(keys.flatMap((key) => byStem.get(key) ?? []));
    if (names.size === 1) return [...names][0];
    throw new Error(
      `Cannot judge the pictures in ${folder}: of sample ${sample.index} ` +
        `("${sample.id}") there ` +
        (names.size === 0
          ? `is none among ${byStem.size}; name it ${sample.index}.png`
          : `are ${[...names].join(" and ")}`),
    );
  });
  const hash = createHash("sha256");
  for (const [done, name] of found.entries()) {
    hash.update(await Deno.readFile(join(folder, name)));
    onProgress(done + 1, found.length);
  }
  return {
    source: { kind: "images", path: folder, hash: hash.digest("hex") },
    samples: samples.map((sample, i) => ({
      ...sample,
      file: resolve(folder, found[i]),
    })),
  };
}

/** Numbers without the zeros before them. */
function keyOf(stem: string): string {
  return /^\d+$/.test(stem) ? String(Number(stem)) : stem;
}
