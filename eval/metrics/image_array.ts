/** Pictures as one array of an archive: `arr_0`, as guided-diffusion has it. */

import {
  readPart,
  readStored,
  unpackedPlace,
} from "../../datasets/files/place.ts";
import { NPY_START, parseNpyHeader, readNpy } from "./npy.ts";
import { MOST_ARRAY_BYTES, type NpzFile } from "./npz.ts";

/** Pictures of one size. */
export interface ImageArray {
  /** How many. */
  readonly count: number;
  /** Rows of each. */
  readonly height: number;
  /** Pixels of a row. */
  readonly width: number;
  /** Reads pictures from `start` up to `end`: [n,H,W,3], 0..255. */
  read(start: number, end: number): Promise<Uint8Array>;
}

/**
 * Opens the pictures of an archive; undefined if it has none. Those that aren't
 * packed stay in the file, however many they are.
 *
 * @throws Error if they are damaged
 */
export async function openImages(
  { path, arrays }: NpzFile,
): Promise<ImageArray | undefined> {
  const file = arrays.get("arr_0");
  if (!file) return undefined;
  const what = `arr_0 of ${path}`;
  const place = await unpackedPlace(file);
  if (!place) {
    const array = readNpy(await readStored(file, MOST_ARRAY_BYTES), what);
    return imagesOf(
      array.shape,
      array.dtype,
      (from, to) =>
        Promise.resolve((array.data as Uint8Array).subarray(from, to)),
    );
  }
  const start = await readPart(
    place.path,
    place.offset,
    Math.min(NPY_START, file.bytes),
  );
  const { shape, dtype, byColumns, offset } = parseNpyHeader(
    start,
    file.bytes,
    what,
  );
  if (byColumns) return undefined;
  return imagesOf(
    shape,
    dtype,
    (from, to) => readPart(place.path, place.offset + offset + from, to - from),
  );
}

function imagesOf(
  shape: readonly number[],
  dtype: string,
  bytes: (from: number, to: number) => Promise<Uint8Array>,
): ImageArray | undefined {
  const [count, height, width, channels] = shape;
  if (dtype !== "|u1" || shape.length !== 4 || channels !== 3) return undefined;
  const each = height * width * channels;
  return {
    count,
    height,
    width,
    async read(start, end) {
      const whole = Number.isInteger(start) && Number.isInteger(end);
      if (!whole || start < 0 || end > count || start > end) {
        throw new RangeError(
          `Cannot read pictures ${start} up to ${end}: there are ${count}`,
        );
      }
      return await bytes(start * each, end * each);
    },
  };
}
