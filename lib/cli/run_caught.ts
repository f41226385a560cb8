/** For tests: runs a command as `main` does, with what it prints caught. */

import { endingOf } from "./errors.ts";

/** How a command ended. */
export interface Caught {
  readonly code: number;
  /** Standard output. */
  readonly out: string;
  /** Standard error. */
  readonly err: string;
}

/** Runs a command's `run`; an error becomes its message and exit code. */
export async function runCaught(
  name: string,
  run: (args: string[]) => Promise<number>,
  args: string[],
): Promise<Caught> {
  const { log, error } = console;
  const out: string[] = [];
  const err: string[] = [];
  console.log = (line: string) => out.push(line);
  console.error = (line: string) => err.push(line);
  let code;
  try {
    code = await run(args);
  } catch (thrown) {
    const ending = endingOf(thrown, name);
    code = ending.code;
    err.push(ending.message);
  } finally {
    console.log = log;
    console.error = error;
  }
  return { code, out: out.join("\n"), err: err.join("\n") };
}
