/** Reads the pictures of a set. */

import { MOST_IMAGE_BYTES, readStored } from "../../datasets/files/place.ts";
import { decodeAsPillow } from "../../lib/image/decode_pillow.ts";
import { createPicture, type Picture } from "../../lib/image/picture.ts";
import { openImages } from "../metrics/image_array.ts";
import { openNpz } from "../metrics/npz.ts";
import type { PicturePlaces } from "./picture_set.ts";

/** Reads pictures by their numbers. */
export interface PictureReader {
  /** How many there are. */
  readonly count: number;
  /** What a picture is called. */
  name(index: number): string;
  /** Its pixels, as Pillow has them. @throws Error that names it */
  read(index: number): Promise<Picture>;
}

/** Opens the pictures of a set for reading. */
export async function openReader(
  places: PicturePlaces,
): Promise<PictureReader> {
  return places.kind === "files"
    ? ofFiles(places.files)
    : await ofArray(places.path);
}

function ofFiles(
  files: Extract<PicturePlaces, { kind: "files" }>["files"],
): PictureReader {
  return {
    count: files.length,
    name: (index) => files[index].name,
    async read(index) {
      const bytes = await readStored(files[index], MOST_IMAGE_BYTES);
      try {
        return await decodeAsPillow(bytes);
      } catch (error) {
        throw new Error(
          `Cannot use ${files[index].name}: ${(error as Error).message}`,
        );
      }
    },
  };
}

async function ofArray(path: string): Promise<PictureReader> {
  const images = await openImages(await openNpz(path));
  if (!images) throw new Error(`Cannot read ${path}: its pictures are gone`);
  const { count, width, height } = images;
  return {
    count,
    name: (index) => `picture ${index} of ${path}`,
    read: async (index) =>
      createPicture(width, height, await images.read(index, index + 1)),
  };
}
