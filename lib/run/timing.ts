/** Durations of the same work, done again and again. */

/** How long repeated work took, in seconds. */
export interface Times {
  /** The one in the middle. */
  readonly median: number;
  /** The fastest. */
  readonly least: number;
  /** The slowest. */
  readonly most: number;
  /** How many there are. */
  readonly runs: number;
}

/**
 * The value in the middle; the mean of the two for an even number.
 * @throws RangeError for no values
 */
export function median(values: readonly number[]): number {
  if (values.length === 0) {
    throw new RangeError("Cannot take the median: found no values, wanted one");
  }
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  return (sorted[Math.ceil(half) - 1] + sorted[Math.floor(half)]) / 2;
}

/**
 * Median and extremes.
 * @throws RangeError for no values
 */
export function timesOf(seconds: readonly number[]): Times {
  return {
    median: median(seconds),
    least: Math.min(...seconds),
    most: Math.max(...seconds),
    runs: seconds.length,
  };
}

/** How often work is done. */
export interface Repeats {
  /** Before the measured runs: the first ones allocate and load. */
  readonly warmUp: number;
  readonly runs: number;
}

/** The seconds of the measured runs, in order. */
export async function repeat(
  { warmUp, runs }: Repeats,
  work: (run: number) => unknown,
): Promise<number[]> {
  const seconds: number[] = [];
  for (let run = 0; run < warmUp + runs; run++) {
    const [, took] = await timed(() => work(run));
    if (run >= warmUp) seconds.push(took);
  }
  return seconds;
}

/** What some work gave, and how long it took in seconds. */
export async function timed<T>(
  work: () => T | Promise<T>,
): Promise<[result: T, seconds: number]> {
  const began = performance.now();
  const result = await work();
  return [result, (performance.now() - began) / 1000];
}
