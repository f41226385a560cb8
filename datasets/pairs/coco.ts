/**
 * COCO's captions (Chen et al. 2015, arXiv 1504.00325): one JSON file for a
 * split, its pictures in a folder or still in the zip archive they come in.
 */

import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { checkForm, parseJson } from "../../lib/run/json_form.ts";
import {
  faultOf,
  type LeftOut,
  readStored,
  type StoredFile,
} from "../files/place.ts";
import { listFiles, namesIn } from "../files/list.ts";
import { listZip } from "../files/zip.ts";
import { cleanCaptions, type Pair, type PairSet } from "./pair.ts";

const annotations = z.object({
  images: z.array(z.object({ id: z.int(), file_name: z.string() })),
  annotations: z.array(z.object({
    id: z.int(),
    image_id: z.int(),
    caption: z.string(),
  })),
});

const CAPTIONS = /^(?:annotations\/)?captions_(\w+)\.json$/;
/** Annotations have about 100 MB a split; a string's end is at 512 MB. */
const MOST_JSON_BYTES = 2 ** 29;

/**
 * The annotations in a folder: files `captions_SPLIT.json` there, below
 * `annotations/`, or in `annotations_*.zip`; none if it isn't COCO's.
 */
export async function findCoco(folder: string): Promise<StoredFile[]> {
  const found = new Map<string, StoredFile>();
  const take = (files: readonly StoredFile[]) => {
    for (const file of files) {
      const split = CAPTIONS.exec(file.name)?.[1];
      // Unpacked files come first.
      if (split !== undefined && !found.has(split)) found.set(split, file);
    }
  };
  for (const below of ["", "annotations"]) {
    const path = join(folder, below);
    for (const name of namesIn(path).filter((name) => CAPTIONS.test(name))) {
      take([jsonFile(join(path, name))]);
    }
  }
  for (const name of namesIn(folder)) {
    if (!/^annotations.*\.zip$/.test(name)) continue;
    take((await listZip(join(folder, name))).files);
  }
  return [...found.values()];
}

/** A file of annotations on the disk. */
export function jsonFile(path: string): StoredFile {
  const { size } = Deno.statSync(path);
  const place = { kind: "file", path } as const;
  return { name: basename(path), bytes: size, place, stamp: "" };
}

/** The split that annotations are of, such as "val2014". */
export function splitOf({ name }: StoredFile): string {
  const [, split] = CAPTIONS.exec(name) ?? [];
  if (split !== undefined) return split;
  throw new Error(
    `Cannot use ${name} as COCO's captions: they are called ` +
      `captions_SPLIT.json, such as captions_val2014.json`,
  );
}

/**
 * The pairs of a split, by the pictures' numbers.
 *
 * @throws Error if the file is not COCO's, or the split's pictures are nowhere
 */
export async function cocoPairs(
  file: StoredFile,
): Promise<Pick<PairSet, "pairs" | "leftOut">> {
  const { images, annotations } = await readAnnotations(file);
  const store = await findImages(file);
  const told = Map.groupBy(
    annotations.toSorted((a, b) => a.id - b.id),
    ({ image_id }) => image_id,
  );
  const pairs: Pair[] = [];
  const leftOut: LeftOut[] = [...store.leftOut];
  for (const { id, file_name } of images.toSorted((a, b) => a.id - b.id)) {
    const captions = cleanCaptions(
      (told.get(id) ?? []).map(({ caption }) => caption),
    );
    const image = store.images.get(file_name);
    if (captions.length === 0) {
      leftOut.push({ name: file_name, reason: "it has no caption" });
    } else if (!image) {
      leftOut.push({ name: file_name, reason: `not in ${store.path}` });
    } else pairs.push({ id: file_name, captions, image });
  }
  return { pairs, leftOut };
}

async function readAnnotations(
  file: StoredFile,
): Promise<z.infer<typeof annotations>> {
  const bytes = await readStored(file, MOST_JSON_BYTES);
  try {
    return checkForm(annotations, parseJson(new TextDecoder().decode(bytes)));
  } catch (error) {
    throw new Error(
      `Cannot use ${file.name} as COCO's captions: ${faultOf(error)}; get it ` +
        `anew, by \`datasets pull coco\` or from its publisher`,
    );
  }
}

interface ImageStore {
  readonly path: string;
  /** By the last part of their names. */
  readonly images: ReadonlyMap<string, StoredFile>;
  readonly leftOut: readonly LeftOut[];
}

/** Where the pictures of a split may be, beside its annotations or above. */
function imagePaths(file: StoredFile): string[] {
  const split = splitOf(file);
  const folder = dirname(file.place.path);
  return [folder, dirname(folder)].flatMap((root) =>
    ["", "images", "zips"].flatMap((below) =>
      [split, `${split}.zip`].map((name) => join(root, below, name))
    )
  );
}

async function findImages(file: StoredFile): Promise<ImageStore> {
  const paths = imagePaths(file);
  for (const path of paths) {
    const info = await Deno.stat(path).catch(() => undefined);
    if (!info) continue; // it may be the next
    const list = await listFiles(path);
    const images = new Map(
      list.files.map((image) => [basename(image.name), image]),
    );
    return { path, images, leftOut: list.leftOut };
  }
  throw new Error(
    `Cannot find the pictures of ${file.place.path}: looked for ` +
      paths.slice(0, 3).join(", ") +
      `, and above; put ${splitOf(file)}.zip there, as it is`,
  );
}
