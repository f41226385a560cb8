/**
 * Writing PNG files, with text in them (PNG specification, third edition).
 * node:zlib does all that is needed, so that drawing a picture does not have
 * to wait for an image library to load.
 */

import { promisify } from "node:util";
import { crc32, deflate, inflateSync } from "node:zlib";
import { joinBytes } from "../run/join.ts";
import type { Picture } from "./picture.ts";

const deflateAsync = promisify(
  deflate as (
    data: Uint8Array,
    options: { level: number },
    done: (error: Error | null, out: Uint8Array) => void,
  ) => void,
);

const SIGNATURE = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);

/**
 * Encodes the picture as an 8-bit RGB PNG. Every entry of `text` becomes a
 * tEXt chunk, or iTXt when its value is not Latin-1. Keys are 1 to 79
 * printable ASCII characters without spaces around them.
 */
export async function encodePng(
  picture: Picture,
  text: Readonly<Record<string, string>> = {},
): Promise<Uint8Array> {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, picture.width);
  view.setUint32(4, picture.height);
  header.set([8, 2, 0, 0, 0], 8); // 8 bits, RGB, no interlacing
  const rows = await deflateAsync(filterRows(picture), { level: 6 });
  return joinBytes([
    SIGNATURE,
    chunk("IHDR", header),
    ...Object.entries(text).map(([key, value]) => textChunk(key, value)),
    chunk("IDAT", rows),
    chunk("IEND", new Uint8Array(0)),
  ]);
}

/** Text entries of a PNG file, by key: tEXt, zTXt and iTXt. */
export function readPngText(bytes: Uint8Array): Record<string, string> {
  if (SIGNATURE.some((byte, i) => bytes[i] !== byte)) {
    throw new Error(
      "Reading the text of a PNG file: these bytes do not begin as one.",
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const text: [string, string][] = [];
  for (let at = SIGNATURE.length;;) {
    const end = at + 12 <= bytes.length
      ? at + 12 + view.getUint32(at)
      : at + 12;
    if (end > bytes.length) {
      throw new Error(
        `Reading the text of a PNG file: the chunk at byte ${at} ends at ` +
          `${end}, but the file has ${bytes.length} bytes; it is truncated.`,
      );
    }
    const type = latin1(bytes.subarray(at + 4, at + 8));
    if (type === "IEND") return Object.fromEntries(text);
    if (type === "tEXt" || type === "zTXt" || type === "iTXt") {
      text.push(readTextChunk(type, bytes.subarray(at + 8, end - 4)));
    }
    at = end;
  }
}

/** Rows behind their filter byte, each with the best of the five filters. */
function filterRows({ width, height, data }: Picture): Uint8Array {
  const stride = width * 3;
  const out = new Uint8Array(height * (stride + 1));
  const zeros = new Uint8Array(stride);
  const trial = new Uint8Array(stride);
  for (let y = 0; y < height; y++) {
    const row = data.subarray(y * stride, (y + 1) * stride);
    const above = y > 0 ? data.subarray((y - 1) * stride, y * stride) : zeros;
    const target = out.subarray(y * (stride + 1), (y + 1) * (stride + 1));
    let least = Infinity;
    for (let filter = 0; filter < 5; filter++) {
      // The specification's heuristic: the least sum of absolute differences.
      const sum = filterRow(filter, row, above, trial);
      if (sum >= least) continue;
      least = sum;
      target[0] = filter;
      target.set(trial, 1);
    }
  }
  return out;
}

function filterRow(
  filter: number,
  row: Uint8Array,
  above: Uint8Array,
  out: Uint8Array,
): number {
  let sum = 0;
  for (let i = 0; i < row.length; i++) {
    const left = i < 3 ? 0 : row[i - 3];
    const corner = i < 3 ? 0 : above[i - 3];
    const value = (row[i] - predict(filter, left, above[i], corner)) & 255;
    out[i] = value;
    sum += value < 128 ? value : 256 - value;
  }
  return sum;
}

/** What filters None, Sub, Up, Average and Paeth expect a byte to be. */
function predict(
  filter: number,
  left: number,
  above: number,
  corner: number,
): number {
  switch (filter) {
    case 0:
      return 0;
    case 1:
      return left;
    case 2:
      return above;
    case 3:
      return (left + above) >> 1;
    default: {
      const toLeft = Math.abs(above - corner);
      const toAbove = Math.abs(left - corner);
      const toCorner = Math.abs(left + above - 2 * corner);
      if (toLeft <= toAbove && toLeft <= toCorner) return left;
      return toAbove <= toCorner ? above : corner;
    }
  }
}

function textChunk(key: string, value: string): Uint8Array {
  if (!/^[!-~](?:[ -~]{0,77}[!-~])?$/.test(key)) {
    throw new RangeError(
      `A PNG text key has 1 to 79 printable ASCII characters, not "${key}".`,
    );
  }
  if ([...value].every((char) => char >= "\x01" && char <= "\xff")) {
    return chunk("tEXt", fromLatin1(`${key}\0${value}`));
  }
  if (value.includes("\0")) {
    throw new RangeError(`The PNG text "${key}" holds a NUL character.`);
  }
  // Not compressed, no language, no translated key.
  const head = fromLatin1(`${key}\0\0\0\0\0`);
  return chunk("iTXt", joinBytes([head, new TextEncoder().encode(value)]));
}

/** No text that we would write is longer; guards against inflated chunks. */
const LONGEST_TEXT = 1 << 24;

function readTextChunk(type: string, data: Uint8Array): [string, string] {
  const unpack = (packed: Uint8Array) =>
    inflateSync(packed, { maxOutputLength: LONGEST_TEXT });
  const end = data.indexOf(0);
  const language = type === "iTXt" ? data.indexOf(0, end + 3) : end;
  const last = type === "iTXt" ? data.indexOf(0, language + 1) : end;
  if (end < 1 || language < end || last < language) {
    throw new Error(
      `Reading the text of a PNG file: a ${type} chunk lacks its separators.`,
    );
  }
  const key = latin1(data.subarray(0, end));
  if (type === "tEXt") return [key, latin1(data.subarray(end + 1))];
  if (type === "zTXt") return [key, latin1(unpack(data.subarray(end + 2)))];
  const value = data.subarray(last + 1);
  const compressed = data[end + 1] === 1;
  return [key, new TextDecoder().decode(compressed ? unpack(value) : value)];
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const out = new Uint8Array(data.length + 12);
  const view = new DataView(out.buffer);
  view.setUint32(0, data.length);
  out.set(fromLatin1(type), 4);
  out.set(data, 8);
  view.setUint32(8 + data.length, crc32(out.subarray(4, 8 + data.length)));
  return out;
}

function fromLatin1(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

/** TextDecoder's "latin1" is Windows-1252, which differs from 128 to 159. */
function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}
