/** Published lists of which pictures, and perhaps which captions, were taken. */

import { parse } from "csv-parse/sync";
import { z } from "zod";

/** A picture of a list. */
export interface ListedId {
  /** A file's name, or the number of one. */
  readonly id: string;
  /** What the list says of it. */
  readonly caption?: string;
}

const text = z.union([z.string(), z.number()]).transform(String);
const record = z.object({
  image_id: text.optional(),
  id: text.optional(),
  file_name: text.optional(),
  image: text.optional(),
  caption: z.string().optional(),
  text: z.string().optional(),
});

/**
 * Reads a list: a `.txt` with a name or number a line, perhaps a tab and a
 * caption; or a `.csv`, `.json` or `.jsonl` of records with `image_id` or
 * `file_name`, and `caption` or `text` (RQ-Transformer's
 * captions_val2014_30K_samples.json, text2image-benchmark's CSV). A `.json` may
 * have its records in `annotations`.
 *
 * @throws Error if it is none of these, or empty
 */
export function readIds(path: string): ListedId[] {
  const ending = /\.(\w+)$/.exec(path)?.[1].toLowerCase() ?? "";
  const read = READERS[ending];
  if (!read) {
    throw new Error(
      `Cannot read the list ${path}: its name ends on none of ` +
        Object.keys(READERS).join(", "),
    );
  }
  const ids = parseList(path, read);
  if (ids.length > 0) return ids;
  throw new Error(`Cannot use the list ${path}: it is empty`);
}

function parseList(
  path: string,
  read: (text: string) => ListedId[],
): ListedId[] {
  const text = Deno.readTextFileSync(path);
  try {
    return read(text);
  } catch (error) {
    const why = error instanceof z.ZodError
      ? error.issues[0].message
      : (error as Error).message;
    throw new Error(`Cannot read the list ${path}: ${why}`);
  }
}

const lines = (text: string) =>
  text.split(/\r?\n/).filter((line) => line.trim() !== "");

const READERS: Readonly<Record<string, (text: string) => ListedId[]>> = {
  txt: (text) =>
    lines(text).map((line) => {
      const [id, caption] = line.split("\t");
      return listedOf(id.trim(), caption?.trim());
    }),
  csv: (text) =>
    parse<unknown>(text, { columns: true, bom: true }).map(fromRecord),
  jsonl: (text) => lines(text).map((line) => fromRecord(JSON.parse(line))),
  json(text) {
    const value: unknown = JSON.parse(text);
    const held = z.object({ annotations: z.array(z.unknown()) })
      .safeParse(value);
    const list = held.success ? held.data.annotations : value;
    return z.array(z.unknown()).parse(list).map(fromRecord);
  },
};

function fromRecord(value: unknown): ListedId {
  const { image_id, id, file_name, image, caption, text } = record.parse(value);
  // The `id` of COCO's annotations is the caption's.
  const name = image_id ?? file_name ?? image ?? id;
  if (name === undefined) {
    throw new Error("a record has neither image_id nor file_name");
  }
  return listedOf(name, caption ?? text);
}

function listedOf(id: string, caption: string | undefined): ListedId {
  return caption === undefined || caption === "" ? { id } : { id, caption };
}
