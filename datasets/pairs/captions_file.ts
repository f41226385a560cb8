/** Captions in one file, each with the path of its picture. */

import { parse } from "csv-parse/sync";
import { dirname, isAbsolute, join } from "node:path";
import { faultOf, type LeftOut, type StoredFile } from "../files/place.ts";
import { readLines } from "../files/lines.ts";
import { cleanCaptions, type Pair, type PairSet } from "./pair.ts";

/** What the fields are called: ours first, then those of Hugging Face. */
const IMAGE_FIELDS = ["image", "file_name", "path"];
const CAPTION_FIELDS = ["caption", "captions", "text"];

/** What a line says. */
interface Line {
  readonly image: string;
  readonly captions: readonly string[];
}

/**
 * Reads a `.jsonl` or `.csv` file, whose lines name a picture and a caption
 * ("caption", or "captions" with several). Paths begin at the file's folder;
 * lines with the same picture make one pair. Pictures that aren't there and
 * empty captions are left out by name.
 *
 * @throws Error that names the line if one is not of that form
 */
export async function captionsFilePairs(
  path: string,
): Promise<Pick<PairSet, "pairs" | "leftOut">> {
  const lines = /\.csv$/i.test(path)
    ? await csvLines(path)
    : await jsonLines(path);
  const pairs: Pair[] = [];
  const leftOut: LeftOut[] = [];
  for (const [id, same] of Map.groupBy(lines, ({ image }) => image)) {
    const captions = same.flatMap(({ captions }) => captions);
    const image = await findImage(dirname(path), id);
    if ("reason" in image) leftOut.push(image);
    else if (captions.length > 0) pairs.push({ id, captions, image });
    else leftOut.push({ name: id, reason: "its caption is empty" });
  }
  return { pairs, leftOut };
}

async function findImage(
  folder: string,
  name: string,
): Promise<StoredFile | LeftOut> {
  const path = isAbsolute(name) ? name : join(folder, name);
  try {
    const { isFile, size, mtime } = await Deno.stat(path);
    if (!isFile) return { name, reason: "it is not a file" };
    const stamp = String(mtime?.getTime() ?? "");
    return { name, bytes: size, place: { kind: "file", path }, stamp };
  } catch (error) {
    return { name, reason: faultOf(error) };
  }
}

async function jsonLines(path: string): Promise<Line[]> {
  const lines: Line[] = [];
  let number = 0;
  for await (const line of readLines(path)) {
    number++;
    if (line.trim() === "") continue;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch { // no object, as it is told below
    }
    lines.push(readLine(path, number, value));
  }
  return lines;
}

async function csvLines(path: string): Promise<Line[]> {
  let rows: { readonly info: { readonly lines: number }; record: unknown }[];
  try {
    const options = { bom: true, columns: true, info: true } as const;
    rows = parse(await Deno.readFile(path), {
      ...options,
      skip_empty_lines: true,
    });
  } catch (error) {
    throw new Error(`Cannot read ${path}: ${faultOf(error)}`);
  }
  return rows.map(({ info, record }) => readLine(path, info.lines, record));
}

function readLine(path: string, number: number, value: unknown): Line {
  const record =
    (typeof value === "object" && value !== null ? value : {}) as Readonly<
      Record<string, unknown>
    >;
  const image = field(record, IMAGE_FIELDS);
  const caption = field(record, CAPTION_FIELDS);
  const captions = Array.isArray(caption) ? caption : [caption];
  const isText = (text: unknown) => typeof text === "string";
  if (typeof image === "string" && image !== "" && captions.every(isText)) {
    return { image, captions: cleanCaptions(captions) };
  }
  throw new Error(
    `Cannot read ${path}: line ${number} has ` +
      `${Object.keys(record).join(", ") || "no fields"}, wanted a picture's ` +
      `path (${IMAGE_FIELDS.join(" or ")}) and a caption ` +
      `(${CAPTION_FIELDS.join(" or ")})`,
  );
}

function field(
  record: Readonly<Record<string, unknown>>,
  names: readonly string[],
): unknown {
  const name = names.find((name) => Object.hasOwn(record, name));
  return name === undefined ? undefined : record[name];
}
