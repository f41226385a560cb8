/** Parts of pictures, cut out and put back. */

import { createPicture, type Picture } from "./picture.ts";
import type { Box, PixelMask } from "./pixel_mask.ts";

/**
 * What is in a box. Beyond the picture its outermost pixels go on.
 */
export function cutBox(picture: Picture, box: Box): Picture {
  const part = createPicture(box.width, box.height);
  const columns = Array.from(
    { length: box.width },
    (_, x) => 3 * clamp(box.x + x, picture.width),
  );
  let to = 0;
  for (let y = 0; y < box.height; y++) {
    const row = 3 * picture.width * clamp(box.y + y, picture.height);
    for (const column of columns) {
      const from = row + column;
      part.data[to++] = picture.data[from];
      part.data[to++] = picture.data[from + 1];
      part.data[to++] = picture.data[from + 2];
    }
  }
  return part;
}

function clamp(place: number, length: number): number {
  return Math.min(Math.max(place, 0), length - 1);
}

/**
 * The picture with a part laid over it, its upper left corner at `x`, `y`;
 * what of it lies beyond the picture is left out. Pixels that are not meant by
 * the mask, which has the picture's size, stay as they are.
 */
export function pasteOver(
  picture: Picture,
  part: Picture,
  x: number,
  y: number,
  mask?: PixelMask,
): Picture {
  const { width, height } = picture;
  const data = picture.data.slice();
  const left = Math.max(0, x);
  const right = Math.min(width, x + part.width);
  const bottom = Math.min(height, y + part.height);
  for (let row = Math.max(0, y); row < bottom; row++) {
    const at = row * width;
    const from = (row - y) * part.width - x;
    for (let column = left; column < right; column++) {
      if (mask && mask.data[at + column] === 0) continue;
      const source = 3 * (from + column);
      const target = 3 * (at + column);
      data[target] = part.data[source];
      data[target + 1] = part.data[source + 1];
      data[target + 2] = part.data[source + 2];
    }
  }
  return createPicture(width, height, data);
}

/** The picture with some of its pixels in one colour. */
export function paintOver(
  { width, height, data }: Picture,
  mask: PixelMask,
  colour: readonly [number, number, number],
): Picture {
  const painted = data.map((byte, i) =>
    mask.data[Math.floor(i / 3)] ? colour[i % 3] : byte
  );
  return createPicture(width, height, painted);
}

/** The mean of some pixels, rounded; middle grey if there are none. */
export function meanColour(
  { data }: Picture,
  mask: PixelMask,
): readonly [number, number, number] {
  let [red, green, blue, count] = [0, 0, 0, 0];
  for (let i = 0; i < mask.data.length; i++) {
    if (mask.data[i] === 0) continue;
    red += data[3 * i];
    green += data[3 * i + 1];
    blue += data[3 * i + 2];
    count++;
  }
  if (count === 0) return [128, 128, 128];
  const mean = (sum: number) => Math.round(sum / count);
  return [mean(red), mean(green), mean(blue)];
}

/**
 * The picture with each hidden pixel in the colour of one of the nearest that
 * are not, counted in steps across and down; as it is if all are hidden.
 */
export function fillFromAround(picture: Picture, hidden: PixelMask): Picture {
  const { width, height } = picture;
  const data = picture.data.slice();
  const known = Uint8Array.from(hidden.data, (bit) => 1 - bit);
  // Breadth first: from all known pixels at once, then from those they filled.
  let front = Array.from(known.keys()).filter((i) => known[i]);
  while (front.length > 0) {
    const next: number[] = [];
    for (const i of front) {
      const x = i % width;
      const beside = [
        x > 0 ? i - 1 : -1,
        x < width - 1 ? i + 1 : -1,
        i - width,
        i + width,
      ];
      for (const j of beside) {
        if (j < 0 || j >= width * height || known[j]) continue;
        known[j] = 1;
        data.copyWithin(3 * j, 3 * i, 3 * i + 3);
        next.push(j);
      }
    }
    front = next;
  }
  return createPicture(width, height, data);
}
