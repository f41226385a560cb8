/** Square pictures of one size, cut from pictures of any. */

import { cutBox } from "../../lib/image/cut.ts";
import { decodeImage } from "../../lib/image/decode.ts";
import { createPicture, type Picture } from "../../lib/image/picture.ts";
import { resize } from "../../lib/image/resize.ts";
import { MOST_IMAGE_BYTES, readStored } from "../files/place.ts";
import type { Pair } from "./pair.ts";

/** Which square of a picture is taken. */
export interface Cut {
  /** 0 at the left or at the top, 1 at the other end; 0.5 is the centre. */
  readonly at: number;
  /** Left and right change places. */
  readonly flipped: boolean;
}

/** The largest square around the centre. */
export const CENTRE: Cut = { at: 0.5, flipped: false };

/**
 * Reads a pair's picture: the largest square, as Pillow resizes it with its
 * bicubic filter.
 *
 * @throws Error that names it if it can't be read
 */
export async function readSquare(
  { id, image }: Pick<Pair, "id" | "image">,
  size: number,
  cut: Cut = CENTRE,
): Promise<Picture> {
  const bytes = await readStored(image, MOST_IMAGE_BYTES);
  try {
    return squareOf(await decodeImage(bytes), size, cut);
  } catch (error) {
    throw new Error(`Cannot use ${id}: ${(error as Error).message}`);
  }
}

/** The square of a picture at another size. */
export function squareOf(
  picture: Picture,
  size: number,
  { at, flipped }: Cut,
): Picture {
  const { width, height } = picture;
  const side = Math.min(width, height);
  const square = cutBox(picture, {
    x: Math.round((width - side) * at),
    y: Math.round((height - side) * at),
    width: side,
    height: side,
  });
  const resized = resize(square, size, size, "bicubic");
  return flipped ? mirrored(resized) : resized;
}

function mirrored({ width, height, data }: Picture): Picture {
  const out = createPicture(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = 3 * (y * width + x);
      const to = 3 * (y * width + width - 1 - x);
      out.data.set(data.subarray(from, from + 3), to);
    }
  }
  return out;
}
