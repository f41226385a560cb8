/**
 * Portable pixmaps and graymaps, as Pillow (src/PIL/PpmImagePlugin.py) reads
 * them; libvips as it comes with sharp doesn't.
 */

import { createPicture, type Picture } from "./picture.ts";

/** What a header says. */
interface Header {
  readonly isText: boolean;
  readonly channels: 1 | 3;
  readonly width: number;
  readonly height: number;
  /** What stands for full brightness. */
  readonly most: number;
  /** Where the samples begin. */
  readonly offset: number;
}

const KINDS: Readonly<Record<string, Pick<Header, "isText" | "channels">>> = {
  P2: { isText: true, channels: 1 },
  P3: { isText: true, channels: 3 },
  P5: { isText: false, channels: 1 },
  P6: { isText: false, channels: 3 },
};

/** Whether bytes begin as such a picture does. */
export function isPnm(bytes: Uint8Array): boolean {
  return kindOf(bytes) in KINDS;
}

function kindOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 2));
}

/**
 * Decodes one.
 *
 * @param most pixels that it may have
 * @throws Error if it is damaged, or ends too early
 */
export function decodePnm(bytes: Uint8Array, most: number): Picture {
  const header = readHeader(bytes);
  const { width, height, channels } = header;
  if (width * height > most) {
    throw new Error(
      `it has ${width}x${height} pixels, at most ${most} are read`,
    );
  }
  const count = width * height * channels;
  const samples = header.isText
    ? textSamples(bytes, header, count)
    : binarySamples(bytes, header, count);
  const picture = createPicture(width, height);
  const level = levelsOf(header);
  for (let i = 0; i < picture.data.length; i++) {
    picture.data[i] = level(samples[channels === 3 ? i : Math.trunc(i / 3)]);
  }
  return picture;
}

/** How a sample becomes a byte. */
function levelsOf({ channels, most }: Header): (sample: number) => number {
  // Grey of more than 8 bits becomes 16-bit, and that is cut off at white.
  const full = channels === 1 && most > 255 ? 65535 : 255;
  return (sample) => {
    const scaled = most === full ? sample : halfToEven(sample / most * full);
    return Math.min(scaled, 255);
  };
}

/** As Python's round(). */
function halfToEven(value: number): number {
  const low = Math.floor(value);
  return value - low === 0.5 ? low + low % 2 : Math.round(value);
}

function readHeader(bytes: Uint8Array): Header {
  let offset = 2;
  const next = () => {
    const word = readWord(bytes, offset);
    offset = word.end;
    return readNumber(word.text, "its header");
  };
  const [width, height, most] = [next(), next(), next()];
  if (width < 1 || height < 1 || most < 1 || most > 65535) {
    throw new Error(`its header says ${width}x${height}, up to ${most}`);
  }
  // One blank, and then the samples.
  return { ...KINDS[kindOf(bytes)], width, height, most, offset: offset + 1 };
}

const isBlank = (byte: number) => byte === 0x20 || byte >= 9 && byte <= 13;

/** The next characters that aren't blank, beyond comments. */
function readWord(
  bytes: Uint8Array,
  start: number,
): { readonly text: string; readonly end: number } {
  let at = start;
  for (; at < bytes.length; at++) {
    if (bytes[at] === 0x23) { // "#", up to the line's end
      while (at < bytes.length && bytes[at] !== 10 && bytes[at] !== 13) at++;
    } else if (!isBlank(bytes[at])) break;
  }
  let end = at;
  while (end < bytes.length && !isBlank(bytes[end])) end++;
  return { text: String.fromCharCode(...bytes.subarray(at, end)), end };
}

function readNumber(text: string, where: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Error(`${where} has ${JSON.stringify(text)} for a number`);
}

function binarySamples(
  bytes: Uint8Array,
  { most, offset }: Header,
  count: number,
): ArrayLike<number> {
  const size = most > 255 ? 2 : 1;
  if (bytes.length < offset + count * size) {
    throw new Error(`it ends after ${bytes.length} bytes, too early`);
  }
  if (size === 1) return bytes.subarray(offset, offset + count);
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset);
  return Uint16Array.from({ length: count }, (_, i) => view.getUint16(2 * i));
}

function textSamples(
  bytes: Uint8Array,
  { most, offset }: Header,
  count: number,
): ArrayLike<number> {
  const samples = new Uint16Array(count);
  let at = offset;
  for (let i = 0; i < count; i++) {
    const { text, end } = readWord(bytes, at);
    if (text === "") throw new Error(`it has ${i} samples, wanted ${count}`);
    const sample = readNumber(text, "it");
    if (sample > most) throw new Error(`it has ${sample} above ${most}`);
    samples[i] = sample;
    at = end;
  }
  return samples;
}
