/**
 * The rasterised art. The first use draws it from the npm packages into a
 * cache file of some 270 MB; afterwards loading is one read.
 */

import { join } from "node:path";
import { makeAtomic } from "../../lib/run/atomic.ts";
import { cacheFolder } from "../../lib/run/cache_folder.ts";
import { createRng } from "../../lib/run/random.ts";
import { KINDS } from "./kinds.ts";
import { type Style, STYLES } from "./scene.ts";
import {
  LEVELS,
  readSprites,
  type Sprites,
  writeSprites,
} from "./sprite_file.ts";

/** Options of {@linkcode loadSprites}. */
export interface SpriteOptions {
  /** The largest level to load: 256 by default, 128 takes a quarter of it. */
  readonly largest?: 64 | 128 | 256;
  /** The folder of the cache file; `$XDG_CACHE_HOME/muselab` by default. */
  readonly cache?: string;
  /** Told how many sprites are done while the cache file is made. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** The smallest level that scenes of a size in pixels take. */
export function levelFor(size: number): 64 | 128 | 256 {
  return size <= 64 ? 64 : size <= 128 ? 128 : 256;
}

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
 * The version of the cache file. Change it when the art's packages or how they
 * are drawn change; the table of kinds is part of the file's name by itself.
 */
const VERSION = 2;

/** The name of the cache file for this table of kinds. */
export function spriteFileName(): string {
  const codes = KINDS.map((kind) => kind.code);
  const hash = createRng("emoji sprites", ...STYLES, ...codes).state()[0];
  return `emoji-sprites-v${VERSION}-${hash.toString(16).padStart(8, "0")}.bin`;
}

/** Loads the sprites; the first time it makes their cache file. */
export async function loadSprites(
  { largest = 256, cache = cacheFolder(), onProgress = () => {} }:
    SpriteOptions = {},
): Promise<Sprites> {
  const path = join(cache, spriteFileName());
  const found = await readSprites(path, largest);
  if (found) return found;
  await makeFile(cache, path, onProgress);
  const made = await readSprites(path, largest);
  if (!made) throw new Error(`The sprites in ${path} cannot be read back.`);
  return made;
}

/** The transparent edge of a sprite at the largest level, so that it blends. */
const MARGIN = 4;

/** Draws the sprites into a new file. */
async function makeFile(
  cache: string,
  path: string,
  onProgress: (done: number, total: number) => void,
): Promise<void> {
  const side = LEVELS[LEVELS.length - 1];
  try {
    await Deno.mkdir(cache, { recursive: true });
    await removeLeftovers(cache);
    const { rasterize } = await import("./raster.ts");
    const draw = (row: number) => {
      const kind = KINDS[Math.floor(row / STYLES.length)];
      return rasterize(kind, STYLES[row % STYLES.length], side, MARGIN);
    };
    await makeAtomic(path, (file) => writeSprites(file, draw, onProgress));
  } catch (error) {
    throw new Error(
      `Drawing the emoji art into ${path} failed: ` +
        `${error instanceof Error ? error.message : error}. It takes 270 MB ` +
        `on disk and the npm packages that deno.json names.`,
      { cause: error },
    );
  }
}

/** Drawing takes seconds: what is an hour old was left by a process that died. */
const HOUR = 3_600_000;

async function removeLeftovers(cache: string): Promise<void> {
  for await (const { name } of Deno.readDir(cache)) {
    if (!/^emoji-sprites-.*\.bin\../.test(name)) continue;
    const path = join(cache, name);
    const { mtime } = await Deno.stat(path);
    if (mtime && Date.now() - mtime.getTime() > HOUR) await Deno.remove(path);
  }
}
