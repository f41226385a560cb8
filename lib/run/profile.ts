/** Where ONNX Runtime spends its time, by the profile of a session. */

import type { Session } from "./session.ts";

/** An event of a Chrome trace, as far as it is read here. */
interface TraceEvent {
  readonly name: string;
  /** Microseconds. */
  readonly dur: number;
}

/**
 * Lets a session with a profile run, and reads what each of its calls spent
 * inside the runtime, in seconds.
 *
 * @param use makes the session with the prefix, runs it, and returns it
 */
export async function profileRuns(
  use: (profilePrefix: string) => Promise<Session>,
): Promise<number[]> {
  const folder = await Deno.makeTempDir();
  const remove = () => Deno.removeSync(folder, { recursive: true });
  globalThis.addEventListener("unload", remove); // on Ctrl-C
  try {
    const session = await use(`${folder}/profile`);
    session.stopProfiling(); // which writes the file
    await session.release();
    const [{ name }] = await Array.fromAsync(Deno.readDir(folder));
    const events: readonly TraceEvent[] = JSON.parse(
      await Deno.readTextFile(`${folder}/${name}`),
    );
    return events.filter(({ name }) => name === "model_run")
      .map(({ dur }) => dur / 1e6);
  } finally {
    globalThis.removeEventListener("unload", remove);
    remove();
  }
}
