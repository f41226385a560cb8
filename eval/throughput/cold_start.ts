/** How soon a command draws, from the start of its process. */

import { type Times, timesOf } from "../../lib/run/timing.ts";

/** A program that draws a picture of a prompt, which comes last. */
export interface DrawProgram {
  readonly command: string;
  readonly args: readonly string[];
}

/** Seconds from the start of the process to each moment. */
export interface Start {
  /** The program's own command begins. */
  readonly begins: number;
  /** The first decode step is done. */
  readonly firstStep: number;
  /** The picture is written. */
  readonly picture: number;
  /** The process has ended. */
  readonly ends: number;
}

/** The same of several processes. */
export type Starts = Readonly<Record<keyof Start, Times>>;

/** What `generate --json` says, as far as it is read here. */
interface Drawn {
  readonly firstStep: number;
  readonly seconds: { readonly total: number };
}

/**
 * Starts the program once, and lets it end.
 * @throws Error if it fails, with what it complains of
 */
async function measureStart(
  { command, args }: DrawProgram,
  prompt: string,
): Promise<Start> {
  const began = performance.now();
  const since = () => (performance.now() - began) / 1000;
  const child = new Deno.Command(command, {
    args: [...args, prompt],
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const complaints = new Response(child.stderr).text();
  let printed: number | undefined;
  let text = "";
  for await (const part of child.stdout.pipeThrough(new TextDecoderStream())) {
    printed ??= since();
    text += part;
  }
  const { success } = await child.status;
  const ends = since();
  if (!success || printed === undefined) {
    throw new Error(`Cannot measure ${command}: ${await complaints}`);
  }
  await complaints;
  // It prints once all is done, and says how long before that the rest was.
  const { firstStep, seconds: { total } }: Drawn = JSON.parse(text);
  const begins = printed - total;
  return { begins, firstStep: begins + firstStep, picture: printed, ends };
}

/** Medians and extremes of each moment. */
function startsOf(starts: readonly Start[]): Starts {
  const times = (moment: keyof Start) =>
    timesOf(starts.map((start) => start[moment]));
  return {
    begins: times("begins"),
    firstStep: times("firstStep"),
    picture: times("picture"),
    ends: times("ends"),
  };
}

/** What {@linkcode measureStarts} found. */
export interface StartFigures {
  /** Of a prompt whose states are in the cache. */
  readonly known: Starts;
  /** Of prompts that nobody asked for before, so that the encoder is loaded. */
  readonly fresh: Starts;
}

/**
 * Starts the program for a prompt that it knows and for a new one in turns,
 * after one time more that fills the caches.
 *
 * @param runs how often for each
 * @param onRun told before each of them which it is, from 1, of how many
 */
export async function measureStarts(
  program: DrawProgram,
  runs: number,
  onRun: (run: number, of: number) => void = () => {},
): Promise<StartFigures> {
  const total = 2 * runs + 1;
  const known: Start[] = [];
  const fresh: Start[] = [];
  onRun(1, total);
  await measureStart(program, PROMPT);
  for (let run = 0; run < runs; run++) {
    onRun(2 * run + 2, total);
    known.push(await measureStart(program, PROMPT));
    onRun(2 * run + 3, total);
    fresh.push(await measureStart(program, `${PROMPT} ${Date.now()}`));
  }
  return { known: startsOf(known), fresh: startsOf(fresh) };
}

const PROMPT = "a red apple beside two green pears";
