/**
 * Pictures with a text of the same name beside them: folders, zip archives,
 * and shards as WebDataset reads them and img2dataset writes them.
 */

import { isImage } from "../files/names.ts";
import {
  faultOf,
  type FileList,
  type LeftOut,
  readStoredText,
  type StoredFile,
} from "../files/place.ts";
import { cleanCaptions, type Pair, type PairSet } from "./pair.ts";

/** How a file's name tells what it belongs to. */
export type KeyOf = (name: string) => string;

/** All before the last dot, as systems have it. */
export const lastDot: KeyOf = (name) => name.replace(/\.[^./]*$/, "");
/** All before the first dot of the last part, as WebDataset has it. */
export const firstDot: KeyOf = (name) => name.replace(/\.[^/]*$/, "");

/** What belongs together. */
interface Group {
  readonly images: StoredFile[];
  text?: StoredFile;
  json?: StoredFile;
}

/**
 * Pairs each picture with the text of its name: the lines of its `.txt` that
 * aren't blank, or else the "caption" of its `.json`. What has no partner, and
 * captions that can't be read, are left out by name.
 */
export async function sidecarPairs(
  list: FileList,
  keyOf: KeyOf,
): Promise<Pick<PairSet, "pairs" | "leftOut">> {
  const pairs: Pair[] = [];
  const leftOut: LeftOut[] = [...list.leftOut];
  for (const { images, text, json } of groups(list, keyOf).values()) {
    if (images.length === 0) {
      if (text) {
        leftOut.push({ name: text.name, reason: "no picture beside it" });
      }
      continue;
    }
    let captions: string[] = [];
    let reason = "no caption beside it";
    try {
      captions = await readCaptions(text, json);
      if (text ?? json) reason = "its caption is empty";
    } catch (error) {
      reason = faultOf(error);
    }
    for (const image of images) {
      if (captions.length > 0) pairs.push({ id: image.name, captions, image });
      else leftOut.push({ name: image.name, reason });
    }
  }
  return { pairs, leftOut };
}

/** Files by key, in the order of their first names. */
function groups(
  { files }: FileList,
  keyOf: KeyOf,
): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>();
  for (const file of files) {
    const isText = /\.txt$/i.test(file.name);
    const isJson = /\.json$/i.test(file.name);
    if (!isText && !isJson && !isImage(file.name)) continue;
    const key = keyOf(file.name);
    const group = groups.get(key) ?? { images: [] };
    groups.set(key, group);
    if (isText) group.text = file;
    else if (isJson) group.json = file;
    else group.images.push(file);
  }
  return groups;
}

async function readCaptions(
  text: StoredFile | undefined,
  json: StoredFile | undefined,
): Promise<string[]> {
  if (text) {
    return cleanCaptions((await readStoredText(text)).split(/\r?\n/));
  }
  if (!json) return [];
  const { caption } = await readRecord(json);
  return typeof caption === "string" ? cleanCaptions([caption]) : [];
}

/**
 * A JSON file's object.
 *
 * @throws Error that names it if it is none
 */
export async function readRecord(
  file: StoredFile,
): Promise<Readonly<Record<string, unknown>>> {
  const text = await readStoredText(file);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) {
      return value as Record<string, unknown>;
    }
  } catch { // the error below says it
  }
  throw new Error(`Cannot read ${file.name}: it is not a JSON object`);
}
