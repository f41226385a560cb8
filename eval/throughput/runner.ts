/** One part of a system, opened to be run again and again. */

import { countGflop } from "../../lib/graph/products.ts";
import { leaves } from "../../lib/graph/node.ts";
import { multiplyRate } from "../../lib/run/multiply_rate.ts";
import { peakMemory } from "../../lib/run/peak_memory.ts";
import { timed } from "../../lib/run/timing.ts";
import type { OpenOptions, PartName, Systems, Work } from "./part.ts";

/** What is to be run. */
export interface Job extends OpenOptions {
  readonly system: string;
  /** Where its weights are. */
  readonly path: string;
  readonly part: PartName;
  readonly work: Work;
}

/** What is known of a part once it has run. */
export interface About {
  /** Seconds from the files to the first result. */
  readonly load: number;
  /** Where one graph says it all. */
  readonly parameters?: number;
  /** 10^9 floating-point operations of the products of a run. */
  readonly gflop?: number;
}

/** A part that is open, here or in another process. */
export interface Runner {
  readonly about: About;
  /** Runs once more; seconds. */
  run(): Promise<number>;
  /** The most memory that its process ever had, in MB. */
  peakMb(): Promise<number>;
  /** GFLOP/s of fp32 matrix products in its process, on its device. */
  multiplyGflops(): Promise<number>;
  /** Frees it all. */
  end(): Promise<void>;
}

/**
 * Opens a part in this process and runs it once.
 * @throws Error if the system has no such part
 */
export async function openHere(systems: Systems, job: Job): Promise<Runner> {
  const { path, part: name, work } = job;
  const [{ system, run, part }, load] = await timed(async () => {
    const { precision, threads, device, cache } = job;
    const options = { precision, threads, device, cache };
    const system = await systems[job.system].open(path, options);
    const part = system.parts[name];
    if (!part) {
      await system.release();
      throw new Error(`Cannot measure ${job.system}: it has no "${name}"`);
    }
    const run = await part.prepare(work);
    await run();
    return { system, run, part };
  });
  const outputs = [...part.outputs ?? []];
  return {
    about: {
      load,
      ...(outputs.length > 0 && {
        parameters: countParameters(outputs),
        gflop: countGflop(outputs, work.batch),
      }),
    },
    run: async () => (await timed(run))[1],
    peakMb: () => Promise.resolve(peakMemory()),
    multiplyGflops: () => multiplyRate(job.device),
    end: () => system.release(),
  };
}

function countParameters(outputs: Parameters<typeof leaves>[0]): number {
  const sizes = new Map(
    leaves(outputs, "parameter").map(({ op, shape }) =>
      [op.name, (shape as number[]).reduce((a, b) => a * b, 1)] as const
    ),
  );
  return sizes.values().reduce((a, b) => a + b, 0);
}
