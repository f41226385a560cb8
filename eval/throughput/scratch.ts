/** Folders of weights that a benchmark writes and takes away again. */

import { freeBytes, sizeText } from "../../lib/run/disk.ts";

/**
 * Lends a new folder, which is removed afterwards, on Ctrl-C too.
 *
 * @param parent where it lies; by default where temporary folders do
 * @param bytes that will be written
 * @throws Error if the disk has no room for them
 */
export async function withScratch<T>(
  parent: string | undefined,
  bytes: number,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  if (parent !== undefined) await Deno.mkdir(parent, { recursive: true });
  const folder = await Deno.makeTempDir({ dir: parent });
  const remove = () => Deno.removeSync(folder, { recursive: true });
  globalThis.addEventListener("unload", remove);
  try {
    checkRoom(folder, bytes);
    return await use(folder);
  } finally {
    globalThis.removeEventListener("unload", remove);
    remove();
  }
}

function checkRoom(folder: string, bytes: number): void {
  const free = freeBytes(folder);
  if (free === undefined || free >= bytes) return;
  throw new Error(
    `Cannot write random weights to ${folder}: they take ${sizeText(bytes)}, ` +
      `and its disk has ${sizeText(free)} left; make room, or name another ` +
      `folder`,
  );
}
