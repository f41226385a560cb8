/** Checks of files before the work, and names for new ones. */

import { accessSync, constants } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { UsageError } from "./errors.ts";

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
 * Checks that a file that an option names is there.
 *
 * @throws UsageError if it isn't
 */
export function checkReadable(option: string, path: string): void {
  const info = statOrUndefined(path);
  if (info?.isFile) return;
  throw new UsageError(
    info
      ? `--${option} is a file, but ${path} is a folder.`
      : `there is no file ${path}, which --${option} names.`,
  );
}

/**
 * The bytes of a file that a command was told of.
 *
 * @throws UsageError if there is none, Error if it can't be read
 */
export async function readGiven(
  path: string,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new UsageError(`there is no file ${path}.`);
    }
    throw new Error(`Cannot read ${path}: ${(error as Error).message}`);
  }
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
