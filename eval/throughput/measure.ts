/** One way to measure, whatever is measured. */

import type { Device } from "../../lib/run/device.ts";
import { type Times, timesOf } from "../../lib/run/timing.ts";
import type { PartName, Precision } from "./part.ts";
import type { Runner } from "./runner.ts";

/** What was measured of a part. */
export interface Row {
  /** By its name. */
  readonly system: string;
  /** Of the system. */
  readonly part: PartName;
  /** In which it computes. */
  readonly precision: Precision;
  /** What computes. */
  readonly device: Device;
  /** Pictures or texts at a time. */
  readonly batch: number;
  /** Decode steps, of whole pictures where they were asked for. */
  readonly steps?: number;
  /** Nobody trained the weights. */
  readonly isRandom: boolean;
  /** Seconds of a run. */
  readonly seconds: Times;
  /** Pictures or texts a second. */
  readonly perSecond: number;
  /** Of the part, where one graph says it all. */
  readonly parameters?: number;
  /** 10^9 operations of a run's products, by the graph. */
  readonly gflop?: number;
  /** GFLOP/s of a run in the middle. */
  readonly rate?: number;
  /** GFLOP/s of the runtime's own fp32 products, there and in that process. */
  readonly multiplyRate: number;
  /** The rate as a part of that. */
  readonly fraction?: number;
  /** The most memory of the process, in MB. */
  readonly peakMb: number;
  /** Seconds from the files to the first result. */
  readonly load: number;
}

/** How often a part runs; one more run before was the load's. */
export interface MeasureOptions {
  readonly warmUp: number;
  readonly runs: number;
}

/**
 * Runs parts in turns, so that what else the machine does befalls all of them.
 * @returns the seconds of the measured runs of each
 */
export async function runInTurns(
  runners: readonly Pick<Runner, "run">[],
  { warmUp, runs }: MeasureOptions,
): Promise<Times[]> {
  const seconds: number[][] = runners.map(() => []);
  for (let run = 0; run < warmUp + runs; run++) {
    for (const [i, runner] of runners.entries()) {
      const took = await runner.run();
      if (run >= warmUp) seconds[i].push(took);
    }
  }
  return seconds.map(timesOf);
}

/** Measures an open part. */
export async function measurePart(
  runner: Runner,
  what: Pick<
    Row,
    | "system"
    | "part"
    | "precision"
    | "device"
    | "batch"
    | "steps"
    | "isRandom"
  >,
  options: MeasureOptions,
): Promise<Row> {
  const [seconds] = await runInTurns([runner], options);
  // Before the products, which take memory of their own.
  const peakMb = await runner.peakMb();
  const multiplyRate = await runner.multiplyGflops();
  const { load, parameters, gflop } = runner.about;
  const rate = gflop && gflop / seconds.median;
  return {
    ...what,
    seconds,
    perSecond: what.batch / seconds.median,
    ...(gflop !== undefined && {
      ...{ parameters, gflop, rate },
      fraction: rate! / multiplyRate,
    }),
    multiplyRate,
    peakMb,
    load,
  };
}
