/** The log of a run: a JSON object on a line for every so many steps. */

import { writeAtomic } from "../run/atomic.ts";

/** What has been added since the last line: sums, and how many numbers. */
export type LogWindow = Readonly<
  Record<string, { readonly sum: number; readonly count: number }>
>;

/** One line of the log. */
export interface LogLine {
  readonly step: number;
  readonly learningRate: number;
  readonly secondsPerStep: number;
  /** Means over the steps since the line before. */
  readonly numbers: Readonly<Record<string, number>>;
}

/** A log that is written to. */
export interface RunLog {
  /** Takes note of one step. */
  add(numbers: Readonly<Record<string, number>>): void;
  /** Takes note of something besides the steps. */
  note(numbers: Readonly<Record<string, number>>): void;
  /** Appends a line and begins the next window. */
  write(step: number, learningRate: number): Promise<LogLine>;
  /** What a checkpoint keeps, so that a line can span two processes. */
  window(): LogWindow;
}

/**
 * Opens the log of a run that has done so many steps. Lines of later steps,
 * which a killed process wrote after its last checkpoint, are dropped: these
 * steps are done again.
 */
export async function openLog(
  path: string,
  step: number,
  before: LogWindow = {},
): Promise<RunLog> {
  await dropAfter(path, step);
  const window = new Map(Object.entries(before));
  let timed = 0;
  let since = performance.now();
  function note(numbers: Readonly<Record<string, number>>): void {
    for (const [name, value] of Object.entries(numbers)) {
      const { sum, count } = window.get(name) ?? { sum: 0, count: 0 };
      window.set(name, { sum: sum + value, count: count + 1 });
    }
  }
  return {
    add(numbers) {
      note(numbers);
      timed++;
    },
    note,
    async write(step, learningRate) {
      const line: LogLine = {
        step,
        learningRate,
        secondsPerStep: (performance.now() - since) / 1000 / timed,
        numbers: Object.fromEntries(
          [...window].map(([name, { sum, count }]) => [name, sum / count]),
        ),
      };
      await Deno.writeTextFile(path, printLine(line), { append: true });
      window.clear();
      timed = 0;
      since = performance.now();
      return line;
    },
    window: () => Object.fromEntries(window),
  };
}

function printLine({ step, numbers, ...rest }: LogLine): string {
  const rounded = Object.entries({ ...rest, ...numbers })
    .map(([name, value]) => [name, Number(value.toPrecision(6))]);
  return `${JSON.stringify({ step, ...Object.fromEntries(rounded) })}\n`;
}

async function dropAfter(path: string, step: number): Promise<void> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  const kept = text.split("\n").filter((line) => stepOf(line) <= step)
    .map((line) => `${line}\n`).join("");
  if (kept !== text) {
    await writeAtomic(path, [new TextEncoder().encode(kept)]);
  }
}

/** The step of a line; never reached by one that a kill cut off. */
function stepOf(line: string): number {
  try {
    return JSON.parse(line).step;
  } catch {
    return Infinity;
  }
}
