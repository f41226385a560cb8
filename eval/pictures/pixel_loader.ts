/** Batches of prepared pictures of a set, by position. */

import type { LeftOut } from "../../datasets/files/place.ts";
import type { Picture } from "../../lib/image/picture.ts";
import { type Preparation, prepare } from "../extract/preparation.ts";
import type { PixelBatch } from "../features_of.ts";
import type { PicturePlaces } from "./picture_set.ts";
import { type ArtNotice, openReader } from "./read.ts";

/** What to load; plain data. */
export interface PixelLoaderOptions {
  readonly places: PicturePlaces;
  readonly preparation: Preparation;
  /** Pictures in a batch, before broken ones are left out. */
  readonly batch: number;
}

/** A batch, and which pictures are in it. */
export interface LoadedPixels extends PixelBatch {
  /** Their numbers in the set. */
  readonly indices: readonly number[];
  /** Those that could not be read. */
  readonly broken: readonly LeftOut[];
}

/** A source of batches by position. */
export interface PixelLoader {
  /** The batch at a position; an empty one after the last. */
  at(position: number): Promise<LoadedPixels>;
}

/** Pictures that are decoded at once: large ones take much memory. */
const AT_ONCE = 4;

/** A loader of a set's pictures; tells how the art of emoji gets on. */
export async function createPixelLoader(
  { places, preparation, batch }: PixelLoaderOptions,
  tell: (notice: ArtNotice) => void = () => {},
): Promise<PixelLoader> {
  const reader = await openReader(places, tell);

  async function readOne(index: number): Promise<Picture | LeftOut> {
    try {
      return await reader.read(index);
    } catch (error) {
      return { name: reader.name(index), reason: (error as Error).message };
    }
  }

  return {
    async at(position) {
      const first = position * batch;
      const numbers = Array.from(
        { length: Math.max(0, Math.min(batch, reader.count - first)) },
        (_, i) => first + i,
      );
      const read: (Picture | LeftOut)[] = [];
      for (let i = 0; i < numbers.length; i += AT_ONCE) {
        const some = numbers.slice(i, i + AT_ONCE);
        read.push(...await Promise.all(some.map(readOne)));
      }
      const isPicture = (one: Picture | LeftOut): one is Picture =>
        "data" in one;
      const pictures = read.filter(isPicture);
      return {
        count: pictures.length,
        pixels: prepare(pictures, preparation),
        indices: numbers.filter((_, i) => isPicture(read[i])),
        broken: read.filter((one): one is LeftOut => !isPicture(one)),
      };
    },
  };
}
