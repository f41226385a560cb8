/**
 * How far long work is: one line that changes on a terminal, now and then a
 * plain line otherwise.
 */

/** Where the lines go. */
export interface StatusSink {
  readonly isTerminal: boolean;
  /** Width of the terminal in characters. */
  columns(): number;
  write(text: string): void;
  /** Milliseconds. */
  now(): number;
}

/** A status that may be shown again and again. */
export interface Status {
  show(text: string): void;
  /** Takes the line away, before something else is printed and at the end. */
  clear(): void;
}

/** Milliseconds between two states of the line, and between plain lines. */
const REDRAW = 80;
const PLAIN_LINES = 10_000;
const ERASE = "\r\x1b[K";

/** Shows states on standard error, unless another place is given. */
export function createStatus(sink: StatusSink = standardError()): Status {
  let shown = false;
  let last = sink.isTerminal ? -Infinity : sink.now();
  function clear(): void {
    if (shown) sink.write(ERASE);
    shown = false;
  }
  return {
    show(text) {
      const now = sink.now();
      if (now - last < (sink.isTerminal ? REDRAW : PLAIN_LINES)) return;
      last = now;
      if (!sink.isTerminal) return sink.write(`${text}\n`);
      if (!shown) globalThis.addEventListener("unload", clear, { once: true });
      shown = true;
      // A line that wraps could not be taken back. Some terminals don't know
      // their width and say 0.
      sink.write(ERASE + text.slice(0, (sink.columns() || 80) - 1));
    },
    clear() {
      globalThis.removeEventListener("unload", clear);
      clear();
    },
  };
}

function standardError(): StatusSink {
  const encoder = new TextEncoder();
  const isTerminal = Deno.stderr.isTerminal();
  return {
    isTerminal,
    columns: () => isTerminal ? Deno.consoleSize().columns : 80,
    write: (text) => Deno.stderr.writeSync(encoder.encode(text)),
    now: () => performance.now(),
  };
}

/**
 * Shows how far work has come as long as it lasts, as progressText() says it.
 *
 * @param work is given what it calls as it goes on
 */
export async function withProgress<T>(
  verb: string,
  work: (onProgress: (done: number, total: number) => void) => Promise<T>,
): Promise<T> {
  const status = createStatus();
  const began = performance.now();
  try {
    return await work((done, total) => {
      const seconds = (performance.now() - began) / 1000;
      status.show(progressText(verb, done, total, seconds));
    });
  } finally {
    status.clear();
  }
}

/**
 * What is done of how much, the rate and the time left, such as
 * "drew 16 of 100, 2.1 a second, 40 s left". A rate of less than a second says
 * nothing yet.
 *
 * @param done may hold a part of the next one
 * @param before those of them that were done when the seconds began, such as
 * those found in a cache
 */
export function progressText(
  verb: string,
  done: number,
  total: number,
  seconds: number,
  before = 0,
): string {
  const start = `${verb} ${Math.floor(done)} of ${total}`;
  const rate = (done - before) / seconds;
  if (seconds < 1 || !(rate > 0)) return start;
  const speed = rate >= 1
    ? `${rate.toFixed(1)} a second`
    : `${(1 / rate).toFixed(1)} s each`;
  return `${start}, ${speed}, ${duration((total - done) / rate)} left`;
}

/** Such as "40 s", "3 min 20 s", "2 h 5 min". */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
