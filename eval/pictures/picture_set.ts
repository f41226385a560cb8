/**
 * Sets of pictures as people keep them: folders, archives, lists, arrays. They
 * are listed here, and plain data, so that a Worker can be told of them; the
 * pictures stay where they are.
 */

import { dirname, isAbsolute, join } from "node:path";
import { listFolder } from "../../datasets/files/folder.ts";
import { readLines } from "../../datasets/files/lines.ts";
import {
  expandPattern,
  isPattern,
  listFiles,
  listShards,
} from "../../datasets/files/list.ts";
import {
  faultOf,
  type FileList,
  type LeftOut,
  type StoredFile,
} from "../../datasets/files/place.ts";
import { captionsFilePairs } from "../../datasets/pairs/captions_file.ts";
import { openImages } from "../metrics/image_array.ts";
import { openNpz } from "../metrics/npz.ts";

/** Where the pictures are. */
export type PicturePlaces =
  | { readonly kind: "files"; readonly files: readonly StoredFile[] }
  /** `arr_0` of an archive. */
  | { readonly kind: "array"; readonly path: string; readonly count: number }
  /** The first validation scenes of emoji, drawn here, of `size` pixels a side. */
  | { readonly kind: "scenes"; readonly size: number; readonly count: number };

/** Pictures that are listed, in an order that stays. */
export interface PictureSet {
  /** What it was opened by. */
  readonly name: string;
  /** Where its pictures are. */
  readonly places: PicturePlaces;
  /** Files that are no pictures, and why. */
  readonly leftOut: readonly LeftOut[];
}

/**
 * The endings that pytorch-fid, clean-fid and torch-fidelity look for. In
 * capitals they count too, as for torch-fidelity.
 */
const PICTURE = /\.(?:bmp|jpe?g|pgm|png|ppm|tiff?|webp)$/i;

/** How many pictures there are. */
export function countOf({ places }: PictureSet): number {
  return places.kind === "files" ? places.files.length : places.count;
}

/**
 * Opens pictures: those of a folder and all below it, of a `.zip` or a `.tar`,
 * of several as `shards/*.tar` or `shards/{000..015}.tar`, of a `.txt` with a
 * path a line, which begins at its folder, of a `.jsonl` or `.csv` with paths
 * and captions, or of an `.npz` (`arr_0`, bytes [n,H,W,3], as guided-diffusion
 * writes it). Files of folders and archives are sorted by name.
 *
 * @throws Error if there is no such thing, it is damaged or tries to lead out of
 * its archive, or it has no picture
 */
export async function openPictures(path: string): Promise<PictureSet> {
  const set = await open(path);
  if (countOf(set) > 0) return set;
  const [first] = set.leftOut;
  throw new Error(
    `Cannot use ${path}: there is no picture in it (bmp, jpg, jpeg, pgm, png, ` +
      `ppm, tif, tiff or webp)` +
      (first
        ? `; of ${set.leftOut.length} other files the first is ${first.name}`
        : ""),
  );
}

async function open(path: string): Promise<PictureSet> {
  if (isPattern(path)) {
    return picturesAmong(path, listShards(expandPattern(path)));
  }
  const info = await Deno.stat(path).catch(() => undefined);
  if (!info) {
    throw new Error(
      `There is no ${path}; give a folder, a .zip or .tar of pictures, an ` +
        `.npz, or a .txt with a path a line`,
    );
  }
  if (info.isDirectory) return picturesAmong(path, await listFolder(path));
  const ending = /\.(zip|tar|npz|txt|jsonl|csv)$/i.exec(path)?.[1]
    .toLowerCase();
  if (ending) return await FORMS[ending](path);
  throw new Error(
    `Cannot use ${path} as pictures: wanted a folder, or a file that ends in ` +
      `.zip, .tar, .npz, .txt, .jsonl or .csv`,
  );
}

const archive = async (path: string) =>
  picturesAmong(path, await listFiles(path));

const FORMS: Readonly<Record<string, (path: string) => Promise<PictureSet>>> = {
  zip: archive,
  tar: archive,
  npz: openArray,
  txt: openList,
  jsonl: openCaptioned,
  csv: openCaptioned,
};

function picturesAmong(name: string, list: FileList): PictureSet {
  const isPicture = ({ name }: StoredFile) => PICTURE.test(name);
  const others = list.files.filter((file) => !isPicture(file));
  return {
    name,
    places: { kind: "files", files: list.files.filter(isPicture) },
    leftOut: [
      ...list.leftOut,
      ...others.map(({ name }) => ({
        name,
        reason: "its name is no picture's",
      })),
    ],
  };
}

async function openArray(path: string): Promise<PictureSet> {
  const images = await openImages(await openNpz(path));
  if (!images) {
    throw new Error(
      `Cannot use ${path} as pictures: it has no arr_0 of bytes [n,H,W,3]`,
    );
  }
  const { count } = images;
  return { name: path, places: { kind: "array", path, count }, leftOut: [] };
}

async function openCaptioned(path: string): Promise<PictureSet> {
  const { pairs, leftOut } = await captionsFilePairs(path);
  const files = pairs.map(({ image }) => image);
  return { name: path, places: { kind: "files", files }, leftOut };
}

async function openList(path: string): Promise<PictureSet> {
  const files: StoredFile[] = [];
  for await (const line of readLines(path)) {
    const name = line.trim();
    if (name === "") continue;
    const file = isAbsolute(name) ? name : join(dirname(path), name);
    try {
      const { size, mtime, isFile } = await Deno.stat(file);
      if (!isFile) throw new Error("it is not a file");
      const place = { kind: "file", path: file } as const;
      const stamp = String(mtime?.getTime() ?? "");
      files.push({ name, bytes: size, place, stamp });
    } catch (error) {
      throw new Error(
        `Cannot use ${name}, which ${path} names: ${faultOf(error)}`,
      );
    }
  }
  return { name: path, places: { kind: "files", files }, leftOut: [] };
}
