/** Published lists of which pictures, and perhaps which captions, were taken. */

import { parse } from "csv-parse/sync";
import { z } from "zod";
import { checkForm, parseJson } from "../../lib/run/json_form.ts";

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
const records = z.array(
  record.refine(
    (one) => nameOf(one) !== undefined,
    "found neither image_id nor file_name, wanted one of them",
  ),
);
const annotated = z.object({ annotations: z.array(z.unknown()) });

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
        `${Object.keys(READERS).join(", ")}; give it the one of its form`,
    );
  }
  const ids = parseList(path, read);
  if (ids.length > 0) return ids;
  throw new Error(
    `Cannot use the list ${path}: it is empty, wanted one picture or more`,
  );
}

function parseList(
  path: string,
  read: (text: string) => ListedId[],
): ListedId[] {
  const text = Deno.readTextFileSync(path);
  try {
    return read(text);
  } catch (error) {
    throw new Error(
      `Cannot read the list ${path}: ${(error as Error).message}; correct it`,
    );
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
  csv: (text) => fromRecords(parse(text, { columns: true, bom: true })),
  jsonl: (text) => fromRecords(lines(text).map(parseJson)),
  json(text) {
    const value = parseJson(text);
    const held = annotated.safeParse(value);
    return fromRecords(held.success ? held.data.annotations : value);
  },
};

function fromRecords(list: unknown): ListedId[] {
  return checkForm(records, list)
    .map((one) => listedOf(nameOf(one)!, one.caption ?? one.text));
}

/** The picture's; the `id` of COCO's annotations is the caption's. */
function nameOf(
  { image_id, file_name, image, id }: z.infer<typeof record>,
): string | undefined {
  return image_id ?? file_name ?? image ?? id;
}

function listedOf(id: string, caption: string | undefined): ListedId {
  return caption === undefined || caption === "" ? { id } : { id, caption };
}
