/**
 * Windows bitmaps that aren't packed, as Pillow (src/PIL/BmpImagePlugin.py)
 * reads them; libvips as it comes with sharp doesn't.
 */

import { createPicture, type Picture } from "./picture.ts";

/** Bytes before the header that tells the size. */
const FILE_HEADER = 14;
/** The oldest header has 16-bit sides and colours of three bytes. */
const CORE_HEADER = 12;
/** How pixels are stored: as they are, or with masks that say where colours lie. */
const [PLAIN, MASKS] = [0, 3];
/** Where red, green and blue lie in 32 bits if nothing is said. */
const USUAL_MASKS = [0xff0000, 0xff00, 0xff];

/** What a header says. */
interface Header {
  readonly width: number;
  readonly height: number;
  /** Rows from top to bottom; the other way is usual. */
  readonly isDown: boolean;
  readonly bits: number;
  /** Where the rows begin. */
  readonly offset: number;
  /** Where the colours begin that pixels name by number, and what they take. */
  readonly palette: { readonly start: number; readonly step: number };
}

/** Whether bytes begin as such a picture does. */
export function isBmp(bytes: Uint8Array): boolean {
  return bytes[0] === 0x42 && bytes[1] === 0x4d; // BM
}

/**
 * Decodes one.
 *
 * @param most pixels that it may have
 * @throws Error if it is damaged, ends too early, or is of a kind that isn't
 * read
 */
export function decodeBmp(bytes: Uint8Array, most: number): Picture {
  const header = readHeader(bytes);
  const { width, height, isDown, bits, offset } = header;
  if (width * height > most) {
    throw new Error(
      `it has ${width}x${height} pixels, at most ${most} are read`,
    );
  }
  const stride = Math.ceil(width * bits / 32) * 4;
  if (bytes.length < offset + stride * height) {
    throw new Error(`it ends after ${bytes.length} bytes, too early`);
  }
  const picture = createPicture(width, height);
  const pixel = bits <= 8
    ? byPalette(bytes, header)
    : (row: number, x: number) => row + x * bits / 8;
  for (let y = 0, to = 0; y < height; y++) {
    const row = offset + stride * (isDown ? y : height - 1 - y);
    for (let x = 0; x < width; x++, to += 3) {
      const from = pixel(row, x); // blue, green, red
      picture.data[to] = bytes[from + 2];
      picture.data[to + 1] = bytes[from + 1];
      picture.data[to + 2] = bytes[from];
    }
  }
  return picture;
}

function readHeader(bytes: Uint8Array): Header {
  if (bytes.length < FILE_HEADER + 40) throw new Error("it ends too early");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const long = view.getUint32(FILE_HEADER, true);
  const isCore = long === CORE_HEADER;
  const at = FILE_HEADER + 4;
  const [width, signed, bits] = isCore
    ? [0, 2, 6].map((i) => view.getUint16(at + i, true))
    : [
      view.getInt32(at, true),
      view.getInt32(at + 4, true),
      view.getUint16(at + 10, true),
    ];
  const packing = isCore ? PLAIN : view.getUint32(at + 12, true);
  const masks = packing === MASKS && bytes.length >= 66
    ? [54, 58, 62].map((place) => view.getUint32(place, true))
    : USUAL_MASKS;
  const isRead = [1, 4, 8, 24, 32].includes(bits) &&
    (packing === PLAIN || packing === MASKS && bits === 32) &&
    masks.every((mask, i) => mask === USUAL_MASKS[i]);
  if (!isRead) {
    throw new Error(
      `it is a bitmap of ${bits} bits with the compression ${packing}, which ` +
        `isn't read`,
    );
  }
  const height = Math.abs(signed);
  if (width < 1 || height < 1) {
    throw new Error(`its header says ${width}x${signed} pixels`);
  }
  return {
    width,
    height,
    isDown: signed < 0,
    bits,
    offset: view.getUint32(10, true),
    palette: { start: FILE_HEADER + long, step: isCore ? 3 : 4 },
  };
}

/** Where the colour lies that a pixel names by its number. */
function byPalette(
  bytes: Uint8Array,
  { bits, palette: { start, step }, offset }: Header,
): (row: number, x: number) => number {
  const ofByte = 8 / bits;
  return (row, x) => {
    const byte = bytes[row + Math.floor(x / ofByte)];
    const shift = 8 - bits * (x % ofByte + 1);
    const at = start + step * (byte >> shift & 2 ** bits - 1);
    if (at + 3 <= offset) return at;
    throw new Error("a pixel names a colour that the palette doesn't have");
  };
}
