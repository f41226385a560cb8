/**
 * What part of a picture a model sees, whose own pictures are small squares:
 * a square window, brought to the model's size and back.
 */

import type { Box } from "../image/pixel_mask.ts";

/** A square of pixels that may lie in part beyond the picture. */
export interface Window {
  /** Of its left edge. */
  readonly x: number;
  /** Of its upper edge. */
  readonly y: number;
  /** Pixels a side. */
  readonly side: number;
}

/** A width and a height in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Part of a box's side that is to be seen beyond it, one way or the other. */
const MARGIN = 1 / 4;

/**
 * The window for work on a box of a picture.
 *
 * It is the largest square that lies in the picture, as near to the box's
 * middle as it can. Where that doesn't hold the box and some of what is around
 * it, the window is larger, up to the picture's longer side, and lies in part
 * beyond the picture.
 *
 * @param context the window's side as a multiple of the box's longer one, at
 * least 1, where less than the largest is to be seen, at a larger scale
 * @param least pixels a side that a window by `context` has at least, if there
 * are as many: fewer than the model draws would show nothing more
 */
export function windowAround(
  picture: Size,
  box: Box,
  context = Infinity,
  least = 1,
): Window {
  const { width, height } = picture;
  const longest = Math.max(box.width, box.height);
  const most = Math.max(
    Math.min(width, height),
    Math.min(Math.max(width, height), Math.max(longest, sideWithMore())),
  );
  const wanted = Math.max(least, longest, Math.round(longest * context));
  const side = Math.min(most, wanted);
  return {
    x: placeOf(box.x + box.width / 2, side, width),
    y: placeOf(box.y + box.height / 2, side, height),
    side,
  };

  /** The least side that shows more than the box in one direction. */
  function sideWithMore(): number {
    const sides = (["width", "height"] as const)
      .filter((side) => box[side] < picture[side])
      .map((side) => Math.ceil(box[side] * (1 + MARGIN)));
    return sides.length === 0 ? 0 : Math.min(...sides);
  }
}

/** The smallest window with all of the picture, which lies in its middle. */
export function windowOfAll({ width, height }: Size): Window {
  const side = Math.max(width, height);
  return {
    x: placeOf(width / 2, side, width),
    y: placeOf(height / 2, side, height),
    side,
  };
}

/** Where a side lies around a centre, within a length if that can be. */
function placeOf(centre: number, side: number, length: number): number {
  if (side >= length) return 0 - Math.floor((side - length) / 2);
  const start = Math.round(centre - side / 2);
  return Math.min(Math.max(start, 0), length - side);
}

/** The window as a box. */
export function boxOf({ x, y, side }: Window): Box {
  return { x, y, width: side, height: side };
}
