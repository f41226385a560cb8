import { dirname } from "node:path";

/** Milliseconds between two tries. */
const AGAIN = 200;

/**
 * Does something while no other process that asks for the same lock does. It is
 * the lock that Hugging Face's own tools take. A killed process leaves none.
 *
 * @param path of a file of its own, which stays
 * @param wait called once if another process has it
 */
export async function withLock<Result>(
  path: string,
  wait: () => void,
  use: () => Promise<Result>,
): Promise<Result> {
  await Deno.mkdir(dirname(path), { recursive: true });
  using file = await Deno.open(path, { write: true, create: true });
  for (let isFirst = true; !await tryLock(file); isFirst = false) {
    if (isFirst) wait();
    await new Promise((resolve) => setTimeout(resolve, AGAIN));
  }
  return await use();
}

async function tryLock(file: Deno.FsFile): Promise<boolean> {
  try {
    return await file.tryLock(true);
  } catch {
    // A disk without locks. Two downloads at once could spoil each other's
    // part; its hash would tell.
    return true;
  }
}
