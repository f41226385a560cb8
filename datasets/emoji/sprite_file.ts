/**
 * The file of rasterised sprites: a header with every sprite's luminance, then
 * the levels from small to large, all sprites of a level together, so that a
 * prefix serves small pictures.
 */

import { KINDS } from "./kinds.ts";
import { halve, meanLuminance, premultiply } from "./mip.ts";
import { STYLES } from "./scene.ts";

/** Sides of the levels, from small to large; each is twice the last. */
export const LEVELS = [16, 32, 64, 128, 256] as const;

/** How many sprites there are: every kind in every style. */
export const ROWS = KINDS.length * STYLES.length;

/** The art of every kind in every style. */
export interface Sprites {
  /** Sides of the levels that were loaded, from small to large. */
  readonly levels: readonly number[];
  /** All sprites of each level: side*side*4 premultiplied bytes a sprite. */
  readonly pixels: readonly Uint8Array[];
  /** Mean luminance of each sprite, 0 to 255. */
  readonly luminance: readonly number[];
}

const MAGIC = 0x4d4c5350;
const HEADER_BYTES = 8 + 4 * ROWS;

function bytesOf(side: number): number {
  return side * side * 4 * ROWS;
}

/** The sprites of a file up to a level, or null when no whole file is there. */
export async function readSprites(
  path: string,
  largest: number,
): Promise<Sprites | null> {
  let opened: Deno.FsFile;
  try {
    opened = await Deno.open(path);
  } catch (error) {
    // Who then makes the file says what stands in its way.
    const { NotADirectory, NotFound } = Deno.errors;
    if (error instanceof NotFound || error instanceof NotADirectory) {
      return null;
    }
    throw error;
  }
  using file = opened;
  const { size } = await file.stat();
  const whole = LEVELS.reduce((sum, side) => sum + bytesOf(side), 0);
  if (size !== HEADER_BYTES + whole) return null;
  const header = new DataView((await readExactly(file, HEADER_BYTES)).buffer);
  if (header.getUint32(0, true) !== MAGIC) return null;
  const luminance = Array.from(
    { length: ROWS },
    (_, row) => header.getFloat32(8 + 4 * row, true),
  );
  const levels = LEVELS.filter((side) => side <= largest);
  const pixels: Uint8Array[] = [];
  for (const side of levels) {
    pixels.push(await readExactly(file, bytesOf(side)));
  }
  return { levels, pixels, luminance };
}

async function readExactly(file: Deno.FsFile, length: number) {
  const out = new Uint8Array(length);
  let at = 0;
  while (at < length) {
    const read = await file.read(out.subarray(at));
    if (read === null) throw new Error("The file of sprites ended early.");
    at += read;
  }
  return out;
}

/** Sprites drawn at a time; sharp works on several threads. */
const AT_A_TIME = 16;

/**
 * Writes an empty file. `draw` gives a sprite at the largest level: RGBA, not
 * premultiplied.
 */
export async function writeSprites(
  file: Deno.FsFile,
  draw: (row: number) => Promise<Uint8Array>,
  onProgress: (done: number, total: number) => void,
): Promise<void> {
  const header = new DataView(new ArrayBuffer(HEADER_BYTES));
  header.setUint32(0, MAGIC, true);
  for (let start = 0; start < ROWS; start += AT_A_TIME) {
    const count = Math.min(AT_A_TIME, ROWS - start);
    const rows = Array.from({ length: count }, (_, i) => start + i);
    const drawings = await Promise.all(rows.map(draw));
    for (const row of rows) {
      const pixels = premultiply(drawings[row - start]);
      await writeLevels(file, row, pixels);
      header.setFloat32(8 + 4 * row, meanLuminance(pixels), true);
    }
    onProgress(start + count, ROWS);
  }
  await writeAt(file, 0, new Uint8Array(header.buffer));
}

/** Writes one sprite, and its halvings, to their places. */
async function writeLevels(
  file: Deno.FsFile,
  row: number,
  largest: Uint8Array,
): Promise<void> {
  let pixels = largest;
  for (let i = LEVELS.length - 1; i >= 0; i--) {
    const side = LEVELS[i];
    const before = LEVELS.slice(0, i).reduce((sum, s) => sum + bytesOf(s), 0);
    await writeAt(file, HEADER_BYTES + before + row * side * side * 4, pixels);
    if (i > 0) pixels = halve(pixels, side);
  }
}

async function writeAt(file: Deno.FsFile, at: number, bytes: Uint8Array) {
  await file.seek(at, Deno.SeekMode.Start);
  let done = 0;
  while (done < bytes.length) done += await file.write(bytes.subarray(done));
}
