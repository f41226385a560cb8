/** Folders for the files of tests. */

import { join } from "node:path";

/** Lends a new folder, which is removed afterwards with all that is in it. */
export async function withFolder<Result>(
  use: (folder: string) => Result | Promise<Result>,
): Promise<Result> {
  const folder = await Deno.makeTempDir();
  let result;
  try {
    result = await use(folder);
  } catch (error) {
    // What went wrong first says more than a folder that can't be removed.
    await Deno.remove(folder, { recursive: true }).catch(() => {});
    throw error;
  }
  await Deno.remove(folder, { recursive: true });
  return result;
}

/** Everything in a folder and below, sorted. */
export function contents(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
    isDirectory
      ? [name, ...contents(join(folder, name)).map((path) => `${name}/${path}`)]
      : [name]
  ).sort();
}
