/**
 * A part in a process of its own, so that its peak memory is its own. The
 * process writes a line of JSON about the part, then one for each line that it
 * reads: "run", "peakMb" or "multiplyGflops", each a number. It ends with its
 * input.
 */

import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import type { About, Runner } from "./runner.ts";

/** A program that runs a part. */
export interface PartProgram {
  readonly command: string;
  readonly args: readonly string[];
}

/** What a process may say first. */
export type Opening =
  & { readonly versions?: Readonly<Record<string, string>> }
  & (
    | { readonly about: About }
    /** A package that isn't installed. */
    | { readonly missing: string }
    | { readonly error: string }
  );

/** A part in another process. */
export interface ProcessRunner extends Runner {
  /** Of what runs there. */
  readonly versions: Readonly<Record<string, string>>;
}

/** Lines of complaints that are kept. */
const KEPT = 12;

/**
 * Starts a process and waits until its part has run once.
 *
 * @returns the name of a package that it lacks, if it does
 * @throws Error if it can't open the part, with its last complaints
 */
export async function openProcess(
  { command, args }: PartProgram,
): Promise<ProcessRunner | { readonly missing: string }> {
  const child = new Deno.Command(command, {
    args: [...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const complaints: string[] = [];
  const heard = keepLines(child.stderr, complaints);
  const lines = linesOf(child.stdout);
  const writer = child.stdin.getWriter();
  const answer = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    if (!done) return JSON.parse(value);
    await heard;
    throw new Error(
      `Cannot measure with ${command}: it ended without an answer\n` +
        complaints.join("\n"),
    );
  };
  const ask = async (question: string) => {
    await writer.write(new TextEncoder().encode(`${question}\n`));
    return await answer() as number;
  };
  const end = async () => {
    // It may have ended by itself.
    await writer.close().catch(() => {});
    while (!(await lines.next()).done);
    await Promise.all([child.status, heard]);
  };
  const opening = await answer() as Opening;
  if ("about" in opening) {
    const { about, versions = {} } = opening;
    return {
      about,
      versions,
      run: () => ask("run"),
      peakMb: () => ask("peakMb"),
      multiplyGflops: () => ask("multiplyGflops"),
      end,
    };
  }
  await end();
  if ("missing" in opening) return opening;
  throw new Error(opening.error);
}

async function keepLines(
  stream: Stream,
  into: string[],
): Promise<void> {
  const lines = linesOf(stream);
  for (let next = await lines.next(); !next.done; next = await lines.next()) {
    into.push(next.value);
    if (into.length > KEPT) into.shift();
  }
}

type Stream = ReadableStream<Uint8Array<ArrayBuffer>>;

function linesOf(stream: Stream): AsyncIterator<string> {
  const input = Readable.fromWeb(
    stream as Parameters<typeof Readable.fromWeb>[0],
  );
  return createInterface({ input })[Symbol.asyncIterator]();
}
