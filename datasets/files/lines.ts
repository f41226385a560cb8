import { faultOf } from "./place.ts";

/**
 * The lines of a text file of any length, which is UTF-8; a file of millions
 * of captions is longer than a string can be.
 *
 * @throws Error that names it if it can't be read or is not UTF-8
 */
export async function* readLines(path: string): AsyncGenerator<string> {
  try {
    const file = await Deno.open(path);
    const text = file.readable.pipeThrough(
      new TextDecoderStream("utf-8", { fatal: true }),
    );
    let rest = "";
    for await (const part of text) {
      const lines = (rest + part).split("\n");
      rest = lines.pop()!;
      yield* lines.map(withoutReturn);
    }
    yield withoutReturn(rest);
  } catch (error) {
    const fault = error instanceof TypeError
      ? "it is not UTF-8"
      : faultOf(error);
    throw new Error(`Cannot read ${path}: ${fault}`);
  }
}

/** Without the return that some systems put before the line's end. */
function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}
