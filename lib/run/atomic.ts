/**
 * Files that are written whole: a reader, and a crash, sees the old one or the
 * new one. Each is written beside its place, then renamed over it.
 */

import { dirname, join } from "node:path";
import { checkRoom, roomError } from "./no_room.ts";
import { reasonOf } from "./system_error.ts";

/** Files from here on aren't begun where they can't fit. */
const LARGE = 2 ** 26;

/**
 * Writes a file in parts, flushed to the disk before it is renamed.
 *
 * @param bytes of them all, where that is known
 * @throws NoRoomError if the disk is full, and whatever else the chunks or the
 * system throw; the old file is left
 */
export async function writeAtomic(
  path: string,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  bytes: number | undefined = knownBytes(chunks),
): Promise<void> {
  if (bytes !== undefined && bytes >= LARGE) checkRoom(path, bytes);
  const write = async (file: Deno.FsFile) => {
    for await (const chunk of chunks) {
      for (let done = 0; done < chunk.length;) {
        done += await file.write(chunk.subarray(done));
      }
    }
  };
  await makeAtomic(path, write, bytes);
}

function knownBytes(
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): number | undefined {
  if (!Array.isArray(chunks)) return undefined;
  return chunks.reduce((sum, { length }) => sum + length, 0);
}

/** As {@link writeAtomic}, for what isn't written from front to back. */
export async function makeAtomic(
  path: string,
  write: (file: Deno.FsFile) => Promise<void>,
  bytes?: number,
): Promise<void> {
  const beside = `${path}.${crypto.randomUUID()}.part`;
  try {
    await writeFlushed(beside, write);
    await Deno.rename(beside, path);
  } catch (error) {
    await Deno.remove(beside).catch(() => {}); // it may not exist
    throw roomError(error, path, bytes);
  }
}

async function writeFlushed(
  path: string,
  write: (file: Deno.FsFile) => Promise<void>,
): Promise<void> {
  using file = await Deno.open(path, { write: true, createNew: true });
  await write(file);
  await file.sync();
}

/**
 * Writes a file, and makes the folders it needs, in one go, so that Ctrl-C
 * comes before or after but not between: for a command that ends at once.
 *
 * @throws Error if it can't be written; then nothing is left behind
 */
export function writeAtomicSync(path: string, bytes: Uint8Array): void {
  const folder = dirname(path);
  const made: string[] = [];
  const beside = join(folder, `.${crypto.randomUUID()}.part`);
  try {
    makeFolders(folder, made);
    Deno.writeFileSync(beside, bytes, { createNew: true });
    Deno.renameSync(beside, path);
  } catch (error) {
    for (const left of [beside, ...made.toReversed()]) removeQuietly(left);
    const told = roomError(error, path, bytes.length);
    if (told !== error) throw told;
    throw new Error(`Cannot write ${path}: ${reasonOf(error)}`);
  }
}

/** Makes a folder and those above it; notes which, from the top. */
function makeFolders(folder: string, made: string[]): void {
  try {
    Deno.statSync(folder);
  } catch {
    makeFolders(dirname(folder), made);
    Deno.mkdirSync(folder);
    made.push(folder);
  }
}

function removeQuietly(path: string): void {
  try {
    Deno.removeSync(path);
  } catch { // it isn't there, or something else lies in it
  }
}
