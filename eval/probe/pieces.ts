/**
 * Pictures of another size than a judge's. Reduced to its size they can be read
 * as a whole; how sharp they were is lost then. Where that is to count they are
 * cut into squares of its size: it sees each pixel as it is, once, and as many
 * at a time as it learned to norm and to pool. Things are larger then and end
 * at the edges; those of real scenes, cut alike, do too.
 */

import { cutBox } from "../../lib/image/cut.ts";
import type { Picture } from "../../lib/image/picture.ts";
import { resize } from "../../lib/image/resize.ts";

/** The picture at another size, by Pillow's bicubic filter. */
export function fitted(picture: Picture, side: number): Picture {
  return isOfSide(picture, side)
    ? picture
    : resize(picture, side, side, "bicubic");
}

/**
 * The picture cut into squares, row by row.
 * @throws RangeError if whole squares don't fill it
 */
export function piecesOf(picture: Picture, side: number): Picture[] {
  const { width, height } = picture;
  if (isOfSide(picture, side)) return [picture];
  if (width % side !== 0 || height % side !== 0) {
    throw new RangeError(
      `Cannot cut a picture of ${width}x${height} into squares of ${side} ` +
        `pixels: wanted a multiple on both sides; resize it first`,
    );
  }
  const columns = width / side;
  return Array.from({ length: columns * height / side }, (_, i) => {
    const [x, y] = [i % columns, Math.floor(i / columns)];
    return cutBox(picture, {
      x: side * x,
      y: side * y,
      width: side,
      height: side,
    });
  });
}

function isOfSide({ width, height }: Picture, side: number): boolean {
  return width === side && height === side;
}
