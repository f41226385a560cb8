/** Writing files whole, or not at all. */

import { accessSync, constants } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

/**
 * Checks that a file can probably be written, before the work that makes it;
 * changes nothing.
 *
 * @throws Error that says what stands in the way
 */
export function checkWritable(path: string): void {
  const refuse = (why: string): never => {
    throw new Error(`Cannot write ${path}: ${why}`);
  };
  if (statOrUndefined(path)?.isDirectory) refuse("it is a folder");
  let folder = dirname(resolve(path));
  let info = statOrUndefined(folder);
  while (!info) {
    if (folder === dirname(folder)) return refuse(`there is no ${folder}`);
    folder = dirname(folder);
    info = statOrUndefined(folder);
  }
  if (!info.isDirectory) refuse(`${folder} is not a folder`);
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    refuse(`no permission to write in ${folder}`);
  }
}

function statOrUndefined(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch {
    return undefined;
  }
}

/**
 * Writes beside the file, then renames, and makes the folders it needs. All
 * is done in one go, so that Ctrl-C comes before or after but not between.
 *
 * @throws Error if it can't be written; then nothing is left behind
 */
export function writeWhole(path: string, bytes: Uint8Array): void {
  const folder = dirname(path);
  const made: string[] = [];
  const beside = join(folder, `.${crypto.randomUUID()}.part`);
  try {
    makeFolders(folder, made);
    Deno.writeFileSync(beside, bytes, { createNew: true });
    Deno.renameSync(beside, path);
  } catch (error) {
    for (const left of [beside, ...made.toReversed()]) removeQuietly(left);
    throw new Error(`Cannot write ${path}: ${reason(error)}`);
  }
}

/** Makes a folder and those above it; notes which, from the top. */
function makeFolders(folder: string, made: string[]): void {
  if (statOrUndefined(folder)) return;
  makeFolders(dirname(folder), made);
  Deno.mkdirSync(folder);
  made.push(folder);
}

function removeQuietly(path: string): void {
  try {
    Deno.removeSync(path);
  } catch { // it isn't there, or something else lies in it
  }
}

/** An error of the file system without its number and its path. */
function reason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/ \(os error \d+\).*$/s, "").toLowerCase();
}

/**
 * The path, or the first like `name-2.png` that no other file has.
 * @param isSame whether a file may be replaced
 */
export function freePath(
  path: string,
  isSame: (bytes: Uint8Array) => boolean,
): string {
  for (let number = 1;; number++) {
    const numbered = join(
      dirname(path),
      basename(path).replace(/(\.\w+)$/, number === 1 ? "$1" : `-${number}$1`),
    );
    const info = statOrUndefined(numbered);
    const isFree = !info ||
      info.isFile && isSame(Deno.readFileSync(numbered));
    if (isFree) return numbered;
  }
}
