/** How pictures of a protocol are brought to one size, drawn ones and real. */

import { CENTRE, squareOf } from "../../datasets/pairs/square.ts";
import type { Picture } from "../../lib/image/picture.ts";
import { resize } from "../../lib/image/resize.ts";

/** What becomes of pictures that are no squares. */
export type Crop =
  /** The largest square around the centre. */
  | "centre"
  /** All of it, squeezed to a square. */
  | "squash"
  /** Nothing: pictures stay as they are, of any size. */
  | "none";

/** By the names that options take; both resize by Pillow's bicubic filter. */
export const CROPS: Readonly<
  Record<Crop, (picture: Picture, side: number) => Picture>
> = {
  centre: (picture, side) => squareOf(picture, side, CENTRE),
  squash: (picture, side) => resize(picture, side, side, "bicubic"),
  none: (picture) => picture,
};

/** A picture as the protocol shows it to networks. */
export function shaped(picture: Picture, crop: Crop, side: number): Picture {
  const { width, height } = picture;
  return width === side && height === side
    ? picture
    : CROPS[crop](picture, side);
}
