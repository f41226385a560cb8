/** Systems measured part by part. */

import type { Device } from "../../lib/run/device.ts";
import { type MeasureOptions, measurePart, type Row } from "./measure.ts";
import type { PartName, Place, Precision, System, Systems } from "./part.ts";
import { openProcess } from "./process_runner.ts";
import type { Job, Runner } from "./runner.ts";
import { withScratch } from "./scratch.ts";

/** What is measured, and how. */
export interface ThroughputOptions extends MeasureOptions {
  readonly systems: Systems;
  /** By default each part's own. */
  readonly batches?: readonly number[];
  /** Of whole pictures; the model's own number by default. */
  readonly steps?: readonly number[];
  /** By default each system's usual ones. */
  readonly precisions?: readonly Precision[];
  readonly threads?: number;
  /** What computes, one after the other; the processor by default. */
  readonly devices?: readonly Device[];
  /** Where random weights are written; a temporary folder by default. */
  readonly folder?: string;
  /** Opens a part; in a process of its own by default. */
  readonly open?: (job: Job) => Promise<Runner>;
  /** Hears what begins. */
  readonly onPart?: (name: string) => void;
}

/** Measures all parts of all systems, one after the other. */
export async function measureSystems(
  options: ThroughputOptions,
): Promise<Row[]> {
  const { systems } = options;
  const rows: Row[] = [];
  for (const [name, system] of Object.entries(systems)) {
    await withPlace(system, options, async (place, scratch) => {
      for (const plan of planParts(system, place, options)) {
        const job = jobOf(name, plan, place, scratch, options);
        const runner = await openPart(job, options);
        try {
          const what = { system: name, ...plan, isRandom: place.isRandom };
          rows.push(await measurePart(runner, what, options));
        } finally {
          await runner.end();
        }
      }
    });
  }
  return rows;
}

/**
 * Opens a part. Where its weights have to be copied in another precision that
 * has been done before, so that neither time nor memory of it count.
 */
export async function openPart(
  job: Job,
  { open = openOwnProcess, onPart = () => {} }: Pick<
    ThroughputOptions,
    "open" | "onPart"
  >,
): Promise<Runner> {
  const { system, part, precision, device = "cpu" } = job;
  if (precision !== "fp32") {
    onPart(`${system}, copying weights in ${precision}`);
    await (await open(job)).end();
  }
  onPart(`${system}, ${part}, ${precision}, ${device}`);
  return await open(job);
}

/** What opens a part of a system whose weights are at a place. */
export function jobOf(
  system: string,
  { part, precision, device, batch, steps }: PartPlan,
  { path, isRandom }: Place,
  scratch: string,
  { threads }: Pick<ThroughputOptions, "threads">,
): Job {
  return {
    ...{ system, path, part, precision, device, threads },
    work: { batch, steps },
    // Copies of random weights are of use to nobody.
    ...(isRandom && { cache: `${scratch}/cache` }),
  };
}

/** One row to be measured. */
export interface PartPlan {
  readonly part: PartName;
  readonly precision: Precision;
  readonly device: Device;
  readonly batch: number;
  readonly steps?: number;
}

/** The rows of a system. */
export function planParts(
  system: System,
  { lacks = [] }: Pick<Place, "lacks">,
  { batches, steps, precisions, devices = ["cpu"] }: Pick<
    ThroughputOptions,
    "batches" | "steps" | "precisions" | "devices"
  >,
): PartPlan[] {
  const parts = Object.entries(system.parts) as [PartName, number][];
  return (precisions ?? system.precisions).flatMap((precision) =>
    parts.filter(([part]) => !lacks.includes(part)).flatMap(([part, own]) =>
      (batches ?? [own]).flatMap((batch) =>
        (part === "picture" && steps || [undefined]).flatMap((steps) =>
          devices.map((device) => ({ part, precision, device, batch, steps }))
        )
      )
    )
  );
}

/**
 * Lends a system's weights: its own if they are here, else random ones, which
 * are taken away afterwards.
 */
export async function withPlace<T>(
  system: System,
  { folder, onPart = () => {} }: Pick<ThroughputOptions, "folder" | "onPart">,
  use: (place: Place, scratch: string) => Promise<T>,
): Promise<T> {
  const found = await system.find();
  return await withScratch(
    folder,
    found ? 0 : system.bytes,
    async (scratch) => {
      if (found) return await use(found, scratch);
      onPart(`writing random weights: ${system.title}`);
      return await use(await system.write(scratch), scratch);
    },
  );
}

/** Opens a part of one of the named systems in a process of its own. */
async function openOwnProcess(job: Job): Promise<Runner> {
  const script = new URL("child.ts", import.meta.url).href;
  const permissions = ["-RWES", "--allow-ffi", "--no-prompt"];
  const opened = await openProcess({
    command: Deno.execPath(),
    args: ["run", "--quiet", ...permissions, script, JSON.stringify(job)],
  });
  if ("missing" in opened) throw new Error(`${opened.missing} is missing`);
  return opened;
}
