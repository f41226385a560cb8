/** Masks over the pixels of a picture. */

/** Which pixels of a picture are meant. */
export interface PixelMask {
  /** W, in pixels. */
  readonly width: number;
  /** H, in pixels. */
  readonly height: number;
  /** [H, W], row by row: 1 where a pixel is meant, else 0. */
  readonly data: Uint8Array;
}

/** A rectangle of pixels, from its upper left corner. */
export interface Box {
  /** Of its left edge. */
  readonly x: number;
  /** Of its upper edge. */
  readonly y: number;
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
}

/** The pixels of a box in a picture of the given size. */
export function boxMask(width: number, height: number, box: Box): PixelMask {
  const data = new Uint8Array(width * height);
  for (let y = box.y; y < box.y + box.height; y++) {
    data.fill(1, y * width + box.x, y * width + box.x + box.width);
  }
  return { width, height, data };
}

/** The other pixels. */
export function invertMask({ width, height, data }: PixelMask): PixelMask {
  return { width, height, data: data.map((bit) => 1 - bit) };
}

/** The smallest box around what is meant; undefined if nothing is. */
export function maskBounds(
  { width, height, data }: PixelMask,
): Box | undefined {
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let y = 0; y < height; y++) {
    const row = data.subarray(y * width, (y + 1) * width);
    const first = row.indexOf(1);
    if (first < 0) continue;
    left = Math.min(left, first);
    right = Math.max(right, row.lastIndexOf(1));
    top = Math.min(top, y);
    bottom = y;
  }
  if (bottom < 0) return undefined;
  return { x: left, y: top, width: right + 1 - left, height: bottom + 1 - top };
}

/**
 * What is meant in a box, which may lie beyond the picture: all of what is
 * there is meant too.
 */
export function cutMask(mask: PixelMask, box: Box): PixelMask {
  const { width, height } = box;
  const data = new Uint8Array(width * height).fill(1);
  const from = Math.max(0, -box.x);
  const to = Math.min(width, mask.width - box.x);
  for (let y = 0; y < height; y++) {
    const row = box.y + y;
    if (row < 0 || row >= mask.height || from >= to) continue;
    const start = row * mask.width + box.x;
    data.set(mask.data.subarray(start + from, start + to), y * width + from);
  }
  return { width, height, data };
}

/**
 * The mask at another size. A pixel is meant if any pixel that it covers, even
 * in part, was.
 */
export function scaleMask(
  mask: PixelMask,
  width: number,
  height: number,
): PixelMask {
  const data = new Uint8Array(width * height);
  const across = covered(mask.width, width);
  const down = covered(mask.height, height);
  for (let y = 0; y < height; y++) {
    const [top, bottom] = down[y];
    for (let x = 0; x < width; x++) {
      const [left, right] = across[x];
      for (let row = top; row < bottom; row++) {
        const at = row * mask.width;
        // includes() is not a loop in JavaScript.
        if (!mask.data.subarray(at + left, at + right).includes(1)) continue;
        data[y * width + x] = 1;
        break;
      }
    }
  }
  return { width, height, data };
}

/** For each of `to` parts of a length, from where to where it covers. */
function covered(from: number, to: number): [number, number][] {
  return Array.from({ length: to }, (_, i) => [
    Math.floor(i * from / to),
    Math.ceil((i + 1) * from / to),
  ]);
}
