/** Opens a data set of pairs, whatever a path is. */

import { basename, extname, join } from "node:path";
import { cacheFolder } from "../../lib/run/cache_folder.ts";
import { readUpTo } from "../../lib/run/read_up_to.ts";
import {
  expandPattern,
  isPattern,
  listShards,
  namesIn,
} from "../files/list.ts";
import { listFolder } from "../files/folder.ts";
import { faultOf, type StoredFile } from "../files/place.ts";
import { listZip } from "../files/zip.ts";
import { captionsFilePairs } from "./captions_file.ts";
import { cc3mPairs, isCc3m } from "./cc3m.ts";
import { cocoPairs, findCoco, jsonFile, splitOf } from "./coco.ts";
import type { PairSet } from "./pair.ts";
import { firstDot, lastDot, sidecarPairs } from "./sidecar.ts";

/** Data sets that have a place of their own on the disk. */
const NAMED_SETS = ["coco", "cc3m"] as const;

/** Where a data set with a name is kept. */
export function datasetFolder(name: string): string {
  return join(cacheFolder(), "datasets", name);
}

/**
 * Opens `coco` or `cc3m` in its own folder, a folder, a `.tar`, several as
 * `shards/*.tar` or `shards/{000..015}.tar`, a `.zip`, a captions file (`.jsonl`
 * or `.csv`), COCO's `captions_SPLIT.json`, or Conceptual Captions' `.tsv`. Only
 * names and captions are read.
 *
 * @throws Error if there is no such thing, it is damaged, or it has no pair
 */
export async function openPairs(name: string): Promise<PairSet> {
  const isNamed = NAMED_SETS.some((known) => known === name);
  const path = isNamed ? datasetFolder(name) : name;
  const found = await find(path, isNamed);
  const { pairs, leftOut } = await found.list();
  if (pairs.length > 0) return { name, kind: found.kind, pairs, leftOut };
  const [first] = leftOut;
  throw new Error(
    `Cannot use ${path} as ${found.kind}: it has no picture with a caption` +
      (first
        ? `; left out are ${leftOut.length}, the first ${first.name} ` +
          `(${first.reason})`
        : ""),
  );
}

/** What a path is, and how its pairs are listed. */
interface PairFormat {
  readonly kind: string;
  list(): Promise<Pick<PairSet, "pairs" | "leftOut">>;
}

async function find(path: string, isNamed: boolean): Promise<PairFormat> {
  if (isPattern(path)) return shards(expandPattern(path));
  const info = await Deno.stat(path).catch(() => undefined);
  if (!info) {
    throw new Error(
      isNamed
        ? `There is no ${path}; put the data set there or link it`
        : `There is no data set ${path}; it is emoji, ` +
          `${NAMED_SETS.join(", ")}, a folder or a file of captions`,
    );
  }
  if (info.isDirectory) return await findInFolder(path);
  const form = FORMS[extname(path).toLowerCase()];
  if (form) return form(path);
  throw new Error(
    `Cannot use ${path} as a data set: its name ends on none of ` +
      Object.keys(FORMS).join(", "),
  );
}

const shards = (paths: readonly string[]): PairFormat => ({
  kind: "WebDataset shards",
  list: () => sidecarPairs(listShards(paths), firstDot),
});

const captions = (path: string): PairFormat => ({
  kind: "a captions file",
  list: () => captionsFilePairs(path),
});

const coco = (file: StoredFile): PairFormat => ({
  kind: `COCO's captions of ${splitOf(file)}`,
  list: () => cocoPairs(file),
});

const cc3m = (path: string): PairFormat => ({
  kind: "Conceptual Captions",
  list: () => cc3mPairs(path),
});

/** By the ending of a file's name. */
const FORMS: Readonly<Record<string, (path: string) => PairFormat>> = {
  ".tar": (path) => shards([path]),
  ".zip": (path) => ({
    kind: "a zip archive",
    list: async () => await sidecarPairs(await listZip(path), lastDot),
  }),
  ".jsonl": captions,
  ".csv": captions,
  ".json": (path) => coco(jsonFile(path)),
  ".tsv": cc3m,
};

const CAPTION_FILES = ["captions", "metadata"]
  .flatMap((name) => [`${name}.jsonl`, `${name}.csv`]);

async function findInFolder(folder: string): Promise<PairFormat> {
  const names = namesIn(folder);
  const file = CAPTION_FILES.find((name) => names.includes(name));
  if (file) return captions(join(folder, file));
  const splits = await findCoco(folder);
  if (splits.length > 0) {
    return coco(chooseOne(folder, splits, ({ name }) => name));
  }
  const tables: string[] = [];
  for (const name of names.filter((name) => /\.tsv$/i.test(name))) {
    const path = join(folder, name);
    if (isCc3m(await readBeginning(path))) tables.push(path);
  }
  if (tables.length > 0) {
    return cc3m(chooseOne(folder, tables, (path) => basename(path)));
  }
  const tars = names.filter((name) => /\.tar$/i.test(name));
  if (tars.length > 0) return shards(tars.map((name) => join(folder, name)));
  return {
    kind: "a folder",
    list: async () => await sidecarPairs(await listFolder(folder), lastDot),
  };
}

/** The one file there is, or the only one to train on. */
function chooseOne<T>(
  folder: string,
  files: readonly T[],
  nameOf: (file: T) => string,
): T {
  const training = files.filter((file) => /train/i.test(nameOf(file)));
  for (const some of [training, files]) if (some.length === 1) return some[0];
  throw new Error(
    `Cannot choose among ${files.map(nameOf).join(", ")} in ${folder}; give ` +
      `the path of one of them`,
  );
}

/** Enough of a file to tell what it is. */
async function readBeginning(path: string): Promise<string> {
  try {
    using file = await Deno.open(path);
    return new TextDecoder().decode(await readUpTo(file, 0, 4096));
  } catch (error) {
    throw new Error(`Cannot read ${path}: ${faultOf(error)}`);
  }
}
