/** Safetensors files in the cache that are made of other files. */

import { basename, join } from "node:path";
import { readSafetensorsHeader } from "./safetensors.ts";
import { isSystemError, reasonOf } from "./system_error.ts";

/** What a copy is made of, and how. */
export interface CopyOrigin {
  /** Where the copies are. */
  readonly folder: string;
  /** The files whose values are copied. */
  readonly sources: readonly string[];
  /** Whatever else the copy depends on, as JSON. */
  readonly settings: unknown;
}

/**
 * The path of a copy, which is made the first time and found again afterwards.
 *
 * It is of the files at these paths with these sizes and times: a digest of
 * several gigabytes would take longer than all else at each start. Copies of
 * what was at these paths before are removed.
 *
 * @param write makes the file
 * @throws Error of `write`, and if the cache can't be written
 */
export async function cachedCopy(
  { folder, sources, settings }: CopyOrigin,
  write: (path: string) => Promise<void>,
): Promise<string> {
  const paths = await Promise.all(sources.map((path) => Deno.realPath(path)));
  const states = await Promise.all(paths.map(async (path) => {
    const { size, mtime, ctime } = await Deno.stat(path);
    return [size, mtime, ctime];
  }));
  const name = basename(sources[0] ?? "").replaceAll(/[^\w.-]/g, "_")
    .slice(0, 80);
  const family = `${name}-${await digest([paths, settings])}`;
  const copy = join(folder, `${family}-${await digest(states)}.safetensors`);
  if (await isWhole(copy)) return copy;
  try {
    await Deno.mkdir(folder, { recursive: true });
    await write(copy);
    await removeOlder(folder, family, copy);
  } catch (error) {
    if (!isSystemError(error)) throw error; // of what is in the sources
    throw new Error(
      `Cannot keep ${sources[0]} as safetensors in ${folder}: ` +
        `${reasonOf(error)}; make room there, or name another cache by ` +
        `XDG_CACHE_HOME`,
    );
  }
  return copy;
}

async function digest(value: unknown): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return hash.subarray(0, 8).toHex();
}

async function isWhole(path: string): Promise<boolean> {
  try {
    await readSafetensorsHeader(path);
    return true;
  } catch {
    return false; // not there, or damaged: it is made again
  }
}

async function removeOlder(
  folder: string,
  family: string,
  copy: string,
): Promise<void> {
  for await (const { name } of Deno.readDir(folder)) {
    const old = join(folder, name);
    const isCopy = name.startsWith(`${family}-`) &&
      name.endsWith(".safetensors");
    if (isCopy && old !== copy) await Deno.remove(old).catch(() => {});
  }
}
