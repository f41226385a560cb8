/**
 * The rasterised art, as premultiplied RGBA squares of 16 to 256 pixels.
 *
 * The first use makes a cache file from the npm packages; afterwards loading
 * is one read. Levels lie in the file from small to large, all sprites of a
 * level together, so that a prefix serves small pictures.
 */

import { homedir } from "node:os";
import { join } from "node:path";
import { createRng } from "../../lib/run/random.ts";
import { KINDS } from "./kinds.ts";
import { halve, meanLuminance, premultiply } from "./mip.ts";
import { type Style, STYLES } from "./scene.ts";

/** Sides of the levels, from small to large; each is twice the last. */
export const LEVELS = [16, 32, 64, 128, 256] as const;

/** The art of every kind in every style. */
export interface Sprites {
  /** Sides of the levels that were loaded, from small to large. */
  readonly levels: readonly number[];
  /** All sprites of each level: side*side*4 premultiplied bytes a sprite. */
  readonly pixels: readonly Uint8Array[];
  /** Mean luminance of each sprite, 0 to 255. */
  readonly luminance: readonly number[];
}

/** Options of {@linkcode loadSprites}. */
export interface SpriteOptions {
  /** The largest level to load: 256 by default, 128 takes a quarter of it. */
  readonly largest?: 64 | 128 | 256;
  /** The folder of the cache file; `$XDG_CACHE_HOME/muselab` by default. */
  readonly cache?: string;
  /** Told how many sprites are done while the cache file is made. */
  readonly onProgress?: (done: number, total: number) => void;
}

const ROWS = KINDS.length * STYLES.length;
const INDEX = new Map(KINDS.map((kind, i) => [kind.id, i]));

/** The place of a kind's sprite among all sprites. */
export function spriteIndex(kind: string, style: Style): number {
  const index = INDEX.get(kind);
  if (index === undefined) {
    throw new Error(`There is no kind of object named "${kind}".`);
  }
  return index * STYLES.length + STYLES.indexOf(style);
}

/**
 * The version of the cache file. Change the number when the art, its packages
 * or how it is drawn change; the table of kinds is part of the name by itself.
 */
const VERSION = 1;
const HEADER_BYTES = 16 + 4 * ROWS;
const MAGIC = 0x4d4c5350;

function cacheName(): string {
  const codes = KINDS.map((kind) => kind.code);
  const hash = createRng("emoji sprites", ...STYLES, ...codes).state()[0];
  return `emoji-sprites-v${VERSION}-${hash.toString(16).padStart(8, "0")}.bin`;
}

function defaultCache(): string {
  const base = Deno.env.get("XDG_CACHE_HOME") || join(homedir(), ".cache");
  return join(base, "muselab");
}

/** Loads the sprites; the first time it makes their cache file. */
export async function loadSprites(
  { largest = 256, cache = defaultCache(), onProgress }: SpriteOptions = {},
): Promise<Sprites> {
  const path = join(cache, cacheName());
  const found = await readSprites(path, largest);
  if (found) return found;
  await Deno.mkdir(cache, { recursive: true });
  await makeSprites(path, onProgress ?? (() => {}));
  const made = await readSprites(path, largest);
  if (!made) throw new Error(`The sprite cache ${path} cannot be read back.`);
  return made;
}

function bytesOf(side: number): number {
  return side * side * 4 * ROWS;
}

/** The sprites of a cache file, or null when there is no whole one. */
async function readSprites(
  path: string,
  largest: number,
): Promise<Sprites | null> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
  try {
    const { size } = await file.stat();
    const whole = LEVELS.reduce((sum, side) => sum + bytesOf(side), 0);
    if (size !== HEADER_BYTES + whole) return null;
    const header = await readExactly(file, HEADER_BYTES);
    const view = new DataView(header.buffer);
    if (view.getUint32(0, true) !== MAGIC) return null;
    const luminance = Array.from(
      { length: ROWS },
      (_, i) => view.getFloat32(16 + 4 * i, true),
    );
    const levels = LEVELS.filter((side) => side <= largest);
    const pixels: Uint8Array[] = [];
    for (const side of levels) {
      pixels.push(await readExactly(file, bytesOf(side)));
    }
    return { levels, pixels, luminance };
  } finally {
    file.close();
  }
}

async function readExactly(file: Deno.FsFile, length: number) {
  const out = new Uint8Array(length);
  let at = 0;
  while (at < length) {
    const read = await file.read(out.subarray(at));
    if (read === null) throw new Error("The sprite cache ended early.");
    at += read;
  }
  return out;
}

/** Draws every sprite and writes the cache file, beside first, then renamed. */
async function makeSprites(
  path: string,
  onProgress: (done: number, total: number) => void,
): Promise<void> {
  const { rasterize } = await import("./raster.ts");
  const beside = `${path}.${crypto.randomUUID()}`;
  const file = await Deno.open(beside, { write: true, createNew: true });
  try {
    const header = new DataView(new ArrayBuffer(HEADER_BYTES));
    header.setUint32(0, MAGIC, true);
    header.setUint32(4, VERSION, true);
    const drawings = KINDS.flatMap((kind) =>
      STYLES.map((style) => ({ kind, style }))
    );
    const largest = LEVELS[LEVELS.length - 1];
    for (let start = 0; start < ROWS; start += 16) {
      const batch = drawings.slice(start, start + 16);
      const pictures = await Promise.all(
        // The margin keeps edges soft where a sprite meets its square.
        batch.map(({ kind, style }) => rasterize(kind, style, largest, 4)),
      );
      for (let i = 0; i < pictures.length; i++) {
        const row = start + i;
        const luminance = await writeLevels(file, row, pictures[i]);
        header.setFloat32(16 + 4 * row, luminance, true);
      }
      onProgress(start + batch.length, ROWS);
    }
    await writeAt(file, 0, new Uint8Array(header.buffer));
    file.close();
    await Deno.rename(beside, path);
  } catch (error) {
    await Deno.remove(beside).catch(() => {});
    throw error;
  }
}

/** Writes one sprite's levels to their places; returns its mean luminance. */
async function writeLevels(
  file: Deno.FsFile,
  row: number,
  rgba: Uint8Array,
): Promise<number> {
  let pixels = premultiply(rgba);
  const mean = meanLuminance(pixels);
  for (let i = LEVELS.length - 1; i >= 0; i--) {
    const side = LEVELS[i];
    const before = LEVELS.slice(0, i).reduce((sum, s) => sum + bytesOf(s), 0);
    const at = HEADER_BYTES + before + row * side * side * 4;
    await writeAt(file, at, pixels);
    if (i > 0) pixels = halve(pixels, side);
  }
  return mean;
}

async function writeAt(file: Deno.FsFile, at: number, bytes: Uint8Array) {
  await file.seek(at, Deno.SeekMode.Start);
  let done = 0;
  while (done < bytes.length) done += await file.write(bytes.subarray(done));
}
