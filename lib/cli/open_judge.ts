/** `--judge`: the judge of emoji scenes that a command reads pictures by. */

import { type Judge, loadJudge } from "../../eval/probe/judge.ts";

/** The judge of a path, or that of the repository; says why there is none. */
export async function openJudge(
  path: string | undefined,
): Promise<Judge | undefined> {
  if (path !== undefined) return await loadJudge(path);
  try {
    return await loadJudge();
  } catch (error) {
    console.error((error as Error).message);
  }
}
