/** Files of a folder or of archives, whichever a path is. */

import { basename, dirname, join } from "node:path";
import { listFolder } from "./folder.ts";
import type { FileList } from "./place.ts";
import { listTar } from "./tar.ts";
import { listZip } from "./zip.ts";

/**
 * Lists a folder, a zip archive or a tar archive, by the path's ending.
 *
 * @throws Error if it can't be read
 */
export async function listFiles(path: string): Promise<FileList> {
  if (/\.zip$/i.test(path)) return await listZip(path);
  return /\.tar$/i.test(path) ? listTar(path) : await listFolder(path);
}

/**
 * Lists shards as one, each file below the name of its shard.
 *
 * @throws Error if one can't be read
 */
export function listShards(paths: readonly string[]): FileList {
  const names = distinctNames(paths);
  const lists = paths.map((path, i) => {
    const { files, leftOut } = listTar(path);
    const below = <T extends { readonly name: string }>(file: T): T => ({
      ...file,
      name: `${names[i]}/${file.name}`,
    });
    return { files: files.map(below), leftOut: leftOut.map(below) };
  });
  return {
    files: lists.flatMap(({ files }) => files),
    leftOut: lists.flatMap(({ leftOut }) => leftOut),
  };
}

/** Names of files, or their paths if two have the same name. */
function distinctNames(paths: readonly string[]): readonly string[] {
  const names = paths.map((path) => basename(path));
  return new Set(names).size === names.length ? names : paths;
}

/** A range of numbers in a name, such as {00000..00575}. */
const RANGE = /\{(\d+)\.\.(\d+)\}/;

/** Whether a path stands for several shards. */
export function isPattern(path: string): boolean {
  return basename(path).includes("*") || RANGE.test(path);
}

/**
 * The files that a pattern stands for, in the order of their names: "*" in the
 * last part of the path, or a range of numbers such as {00000..00575}, all of
 * which have to be there.
 *
 * @throws Error if there is none
 */
export function expandPattern(pattern: string): string[] {
  const range = RANGE.exec(pattern);
  if (range) {
    const [whole, first, last] = range;
    const count = Number(last) - Number(first) + 1;
    const paths = Array.from({ length: Math.max(0, count) }, (_, i) => {
      const number = String(Number(first) + i).padStart(first.length, "0");
      return pattern.replace(whole, number);
    });
    return found(pattern, paths);
  }
  const folder = dirname(pattern);
  const parts = basename(pattern).split("*")
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const form = new RegExp(`^${parts.join(".*")}$`);
  return found(
    pattern,
    namesIn(folder).filter((name) => form.test(name))
      .map((name) => join(folder, name)),
  );
}

/** Names in a folder, sorted; none if it can't be read. */
export function namesIn(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  } catch {
    return [];
  }
}

function found(pattern: string, paths: string[]): string[] {
  if (paths.length > 0) return paths;
  throw new Error(`There is no file like ${pattern}`);
}
