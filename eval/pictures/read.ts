/** Reads the pictures of a set. */

import { MOST_IMAGE_BYTES, readStored } from "../../datasets/files/place.ts";
import { decodeAsPillow } from "../../lib/image/decode_pillow.ts";
import { createPicture, type Picture } from "../../lib/image/picture.ts";
import { openImages } from "../metrics/image_array.ts";
import { openNpz } from "../metrics/npz.ts";
import { SCENE_SPLIT, sceneReader } from "../protocols/emoji_scenes.ts";
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

/** The art of emoji is drawn, which happens once on a machine. */
export interface ArtNotice {
  readonly done: number;
  readonly total: number;
}

type Tell = (notice: ArtNotice) => void;
type Kind = PicturePlaces["kind"];
type Of<K extends Kind> = Extract<PicturePlaces, { kind: K }>;

const READERS: {
  readonly [K in Kind]: (
    places: Of<K>,
    tell: Tell,
  ) => PictureReader | Promise<PictureReader>;
} = {
  files: ofFiles,
  array: ofArray,
  scenes: ofScenes,
};

/** Opens the pictures of a set for reading. */
export async function openReader(
  places: PicturePlaces,
  tell: Tell = () => {},
): Promise<PictureReader> {
  return await READERS[places.kind](places as never, tell);
}

function ofScenes({ size, count }: Of<"scenes">, tell: Tell): PictureReader {
  const onProgress = (done: number, total: number) => tell({ done, total });
  const name = (index: number) => `${SCENE_SPLIT} ${index}`;
  return { count, name, read: sceneReader(size, { onProgress }) };
}

function ofFiles({ files }: Of<"files">): PictureReader {
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

async function ofArray({ path }: Of<"array">): Promise<PictureReader> {
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
