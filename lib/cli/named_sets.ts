/** Sets of pictures and statistics that have a name instead of a path. */

import { join } from "node:path";
import type { PairSet } from "../../datasets/mod.ts";
import { openCc3mSplit } from "../../datasets/pairs/cc3m_split.ts";
import { openCocoSplit } from "../../datasets/pairs/coco_split.ts";
import { datasetFolder } from "../../datasets/pairs/open.ts";
import {
  openPictures,
  type PictureSet,
} from "../../eval/pictures/picture_set.ts";
import { EMOJI_REFERENCE } from "../../eval/protocols/emoji.ts";
import { openSource, type Source } from "../../eval/source.ts";
import { cacheFolder } from "../run/cache_folder.ts";
import { exists } from "../run/exists.ts";
import { UsageError } from "./errors.ts";
import { didYouMean } from "../run/nearest.ts";

/** What a name stands for. */
type NamedSet =
  /** Pictures with captions, in the data set's own folder. */
  | {
    readonly kind: "pairs";
    readonly about: string;
    readonly folder: string;
    /** How it gets there. */
    readonly get: string;
    readonly open: (folder: string) => Promise<PairSet>;
  }
  /** Scenes that are drawn here. */
  | { readonly kind: "scenes"; readonly about: string; readonly size: number };

const coco = (split: string): NamedSet => ({
  kind: "pairs",
  about: `COCO's ${split}, as it comes`,
  folder: "coco",
  get: `get it by \`deno task datasets pull coco --split ${split}\``,
  open: (folder) => openCocoSplit(folder, split),
});

const scenes = (size: number): NamedSet => ({
  kind: "scenes",
  about: `the first ${EMOJI_REFERENCE} validation scenes, ${size} px a side`,
  size,
});

const NAMED: Readonly<Record<string, NamedSet>> = {
  "coco2014-val": coco("val2014"),
  "coco2017-val": coco("val2017"),
  "cc3m-val": {
    kind: "pairs",
    about: "Conceptual Captions' validation set",
    folder: "cc3m",
    get: "get it by `deno task datasets pull cc3m`, or put its shards there",
    open: (folder) => openCc3mSplit(folder, "validation"),
  },
  "emoji-validation": scenes(128),
  "emoji-validation-256": scenes(256),
};

/** Their names. */
export const NAMED_SETS: readonly string[] = Object.keys(NAMED);

/** Their part of a command's help. */
export const NAMED_HELP: string = Object.entries(NAMED)
  .map(([name, { about }]) => `  ${name.padEnd(20)} ${about}`).join("\n");

/** Where `eval stats --name` keeps statistics. */
const storedFolder = () => join(cacheFolder(), "references");

const NAME = /^[\w-]+$/;

/**
 * Where statistics of a name are kept.
 *
 * @throws UsageError for what is no name, or is one of a data set
 */
export function storedPath(name: string): string {
  if (Object.hasOwn(NAMED, name)) {
    throw new UsageError(
      `--name is another one than those of the data sets, such as ${name}-tf1.`,
    );
  }
  if (NAME.test(name)) return join(storedFolder(), `${name}.npz`);
  throw new UsageError(
    `--name is letters, digits, "-" and "_", not "${name}".`,
  );
}

/** Opens pictures by a path or a name. @throws Error if there are none */
export async function openNamedPictures(text: string): Promise<PictureSet> {
  const found = await find(text);
  if (found === undefined) return await openPictures(text);
  if (typeof found !== "string") return await picturesOf(text, found);
  throw new Error(
    `Cannot use ${text} as pictures: it is statistics, stored as ${found}`,
  );
}

/** Opens pictures or numbers by a path or a name. @throws Error as openSource */
export async function openNamedSource(
  text: string,
  statistics: boolean,
): Promise<Source> {
  const found = await find(text);
  return typeof found === "object"
    ? { kind: "pictures", set: await picturesOf(text, found) }
    : await openSource(found ?? text, statistics);
}

/** Opens the pairs of a name; nothing for all else. */
export async function openNamedPairs(
  text: string,
): Promise<PairSet | undefined> {
  const found = await find(text);
  return typeof found === "object" && found.kind === "pairs"
    ? await pairsOf(text, found)
    : undefined;
}

/** The path of statistics that have a name; any other text as it is. */
export async function statisticsPath(text: string): Promise<string> {
  const found = await find(text);
  return typeof found === "string" ? found : text;
}

/** What a name stands for, or the path of its statistics; nothing for a path. */
async function find(text: string): Promise<NamedSet | string | undefined> {
  if (!NAME.test(text) || await exists(text)) return undefined;
  if (Object.hasOwn(NAMED, text)) return NAMED[text];
  const stored = storedPath(text);
  if (await exists(stored)) return stored;
  const names = [...NAMED_SETS, ...await storedNames()];
  throw new UsageError(
    `there is no file or folder "${text}", and no set of that name; ` +
      didYouMean(text, names),
  );
}

async function storedNames(): Promise<string[]> {
  const folder = storedFolder();
  if (!await exists(folder)) return [];
  return [...Deno.readDirSync(folder)].map(({ name }) => name)
    .filter((name) => name.endsWith(".npz"))
    .map((name) => name.slice(0, -".npz".length)).sort();
}

async function picturesOf(name: string, named: NamedSet): Promise<PictureSet> {
  if (named.kind === "scenes") {
    const { kind, size } = named;
    const places = { kind, size, count: EMOJI_REFERENCE };
    return { name, places, leftOut: [] };
  }
  const { pairs, leftOut } = await pairsOf(name, named);
  const files = pairs.map(({ image }) => image);
  return { name, places: { kind: "files", files }, leftOut };
}

async function pairsOf(
  name: string,
  { folder, get, open }: Extract<NamedSet, { kind: "pairs" }>,
): Promise<PairSet> {
  const path = datasetFolder(folder);
  if (await exists(path)) return { ...await open(path), name };
  throw new Error(`Cannot use ${name}: there is no ${path}; ${get}`);
}
