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

/** By what of a sample its picture is named. */
export type Naming = "id" | "index";

/** The name that a sample's picture has, without ending and leading zeros. */
const NAMES: Readonly<Record<Naming, (sample: Sample) => string>> = {
  id: ({ id }) => keyOf(parse(id).name),
  index: ({ index }) => String(index),
};

/** The names of the ways. */
export const NAMINGS = Object.keys(NAMES) as readonly Naming[];

/** Choices when a folder is opened. */
export interface ImageFolderOptions {
  /** How the pictures are named; found by what is there, without. */
  readonly namedBy?: Naming | undefined;
  /** Told how many pictures were read. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Finds the picture of each sample in a folder or below it: all named by the
 * samples' numbers, as 12.png or 000012.png, or all as the data set's own
 * pictures, with any ending. Names of a data set may be numbers too, so that the
 * two are never mixed: a missing one would be taken from another sample.
 *
 * @throws Error if one is missing, there are two, or both ways fit
 */
export async function openImageFolder(
  folder: string,
  samples: readonly Sample[],
  { namedBy, onProgress = () => {} }: ImageFolderOptions = {},
): Promise<ImageFolder> {
  const files = await picturesOf(folder);
  const found = choose(folder, files, samples, namedBy);
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

/** The file of each sample, by one way of naming for all of them. */
function choose(
  folder: string,
  files: readonly StoredFile[],
  samples: readonly Sample[],
  namedBy: Naming | undefined,
): StoredFile[] {
  const refuse = (why: string): never => {
    throw new Error(`Cannot judge the pictures in ${folder}: ${why}`);
  };
  const byStem = Map.groupBy(files, ({ name }) => keyOf(parse(name).name));
  const ways = (namedBy === undefined ? NAMINGS : [namedBy]).map((naming) => {
    const found = samples.map((sample) =>
      byStem.get(NAMES[naming](sample)) ?? []
    );
    const missing = samples.filter((_, i) => found[i].length === 0);
    return { naming, found, missing, shared: sharedName(samples, naming) };
  });
  const fit = ways.filter(({ missing, shared }) =>
    missing.length === 0 && shared === undefined
  );
  if (fit.length === 0) {
    refuse(
      `it has ${files.length} for ${samples.length} samples, and none ` +
        `${ways.map(lackOf).join("; none ")}; name all of them one way`,
    );
  }
  const [{ found }, other] = fit;
  const odd = samples.find((_, i) =>
    other && found[i][0] !== other.found[i][0]
  );
  if (odd) {
    const [a, b] = fit.map(({ found }) => found[samples.indexOf(odd)][0].name);
    refuse(
      `of sample ${odd.index} ("${odd.id}") it may be ${a}, named by the id, ` +
        `or ${b}, named by the index; say which by --named-by`,
    );
  }
  const twice = found.findIndex(({ length }) => length > 1);
  if (twice >= 0) {
    refuse(
      `of sample ${samples[twice].index} ("${samples[twice].id}") there are ` +
        `${found[twice].map(({ name }) => name).join(" and ")}; leave one`,
    );
  }
  return found.map(([file]) => file);
}

/** What keeps a way from naming all samples, after "none". */
function lackOf(
  { naming, missing, shared }: {
    readonly naming: Naming;
    readonly missing: readonly Sample[];
    readonly shared: string | undefined;
  },
): string {
  const by = `by the ${naming}`;
  if (missing.length === 0) return `${by} alone, which "${shared}" has twice`;
  const [first] = missing;
  const name = NAMES[naming](first);
  return `${by} for ${missing.length} of them, such as sample ` +
    `${first.index} ("${first.id}"), ${name}.png`;
}

/** A name that pictures of different ids would share, if there is one. */
function sharedName(
  samples: readonly Sample[],
  naming: Naming,
): string | undefined {
  const ids = new Map<string, string>();
  return samples.map((sample): [string, string] => [
    NAMES[naming](sample),
    sample.id,
  ]).find(([name, id]) => {
    if (!ids.has(name)) ids.set(name, id);
    return ids.get(name) !== id;
  })?.[0];
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
