/**
 * Where a run's pictures are, and how one is read. Plain data, so that a Worker
 * can be told of it.
 */

import type { Picture } from "../../lib/image/picture.ts";
import type { PicturePlaces } from "../pictures/picture_set.ts";
import { type ArtNotice, openReader } from "../pictures/read.ts";
import { type Crop, shaped } from "../protocols/shape.ts";
import type { LeftOutLine } from "./record.ts";

/** Pictures, and what becomes of each once it is read. */
export interface PictureSource {
  /** Where they are. */
  readonly places: PicturePlaces;
  /** To what they are cut and resized; they stay as they are without. */
  readonly shape?: { readonly crop: Crop; readonly side: number };
}

/** Reads a picture by its number; one that can't be used is named instead. */
export type ReadPicture = (index: number) => Promise<Picture | LeftOutLine>;

/** Opens a source; tells how the art of emoji gets on. */
export function openPictureSource(
  { places, shape }: PictureSource,
  tell?: (notice: ArtNotice) => void,
): ReadPicture {
  const opened = openReader(places, tell);
  opened.catch(() => {}); // whoever reads hears of it
  return async (index) => {
    const reader = await opened;
    try {
      const picture = await reader.read(index);
      return shape ? shaped(picture, shape.crop, shape.side) : picture;
    } catch (error) {
      return { name: reader.name(index), reason: (error as Error).message };
    }
  };
}
