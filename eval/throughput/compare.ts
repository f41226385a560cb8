/** Parts beside their reference implementations, in turns. */

import type { Times } from "../../lib/run/timing.ts";
import { type MeasureOptions, runInTurns } from "./measure.ts";
import {
  jobOf,
  openPart,
  type PartPlan,
  planParts,
  type ThroughputOptions,
  withPlace,
} from "./measure_systems.ts";
import type { System } from "./part.ts";
import { openProcess, type ProcessRunner } from "./process_runner.ts";
import type { Job, Runner } from "./runner.ts";

/** How PyTorch holds and multiplies weights. */
const REFERENCE_TYPES = ["fp32", "bf16"] as const;

/** A type of PyTorch's. */
export type ReferenceType = typeof REFERENCE_TYPES[number];

/** One side of a comparison. */
export interface Side {
  readonly seconds: Times;
  readonly peakMb: number;
  readonly load: number;
}

/** A part by both. */
export interface Compared extends PartPlan {
  readonly system: string;
  readonly ours: Side;
  readonly referenceType: ReferenceType;
  readonly reference: Side;
  /** How many times as long the reference takes, by the medians. */
  readonly ratio: number;
}

/** What was compared, and what could not be. */
export interface Comparison {
  readonly rows: readonly Compared[];
  /** Of the reference's packages. */
  readonly versions: Readonly<Record<string, string>>;
  /** Systems whose packages aren't there. */
  readonly skipped: readonly {
    readonly system: string;
    readonly missing: string;
  }[];
}

/** What is compared, and with what. */
export interface CompareOptions extends ThroughputOptions {
  /** A Python that has the reference implementations. */
  readonly python: string;
}

/**
 * Compares all parts that have a reference; the others are left out.
 * @throws Deno.errors.NotFound if there is no such Python
 */
export async function compareSystems(
  options: CompareOptions,
): Promise<Comparison> {
  const { systems } = options;
  // Before anything is written for it.
  await new Deno.Command(options.python, { args: ["--version"] }).output();
  const rows: Compared[] = [];
  const versions: Record<string, string> = {};
  const skipped: { system: string; missing: string }[] = [];
  for (const [name, system] of Object.entries(systems)) {
    const { reference } = system;
    if (!reference) continue;
    await withPlace(system, options, async (place, scratch) => {
      for (const plan of planParts(system, place, options)) {
        const job = jobOf(name, plan, place, scratch, options);
        const found = await comparePart(reference, job, options);
        if ("missing" in found) {
          skipped.push({ system: name, missing: found.missing });
          return;
        }
        Object.assign(versions, found.versions);
        rows.push(
          ...found.sides.map((sides) => ({ system: name, ...plan, ...sides })),
        );
      }
    });
  }
  return { rows, versions, skipped };
}

type Sides = Pick<Compared, "ours" | "referenceType" | "reference" | "ratio">;

/** Everything that is open at once takes turns: ours, and each type. */
async function comparePart(
  reference: NonNullable<System["reference"]>,
  job: Job,
  options: CompareOptions,
): Promise<
  | { readonly missing: string }
  | {
    readonly sides: Sides[];
    readonly versions: Readonly<Record<string, string>>;
  }
> {
  const open: Runner[] = [];
  const versions: Record<string, string> = {};
  try {
    for (const dtype of REFERENCE_TYPES) {
      const other = await openReference(options.python, reference, job, dtype);
      if ("missing" in other) return other;
      open.push(other);
      Object.assign(versions, other.versions);
    }
    open.push(await openPart(job, options));
    const sides = await takeTurns(open, options);
    const ours = sides.pop()!;
    return {
      versions,
      sides: sides.map((reference, i) => ({
        ours,
        referenceType: REFERENCE_TYPES[i],
        reference,
        ratio: reference.seconds.median / ours.seconds.median,
      })),
    };
  } finally {
    await Promise.all(open.map((runner) => runner.end()));
  }
}

async function takeTurns(
  runners: readonly Runner[],
  options: MeasureOptions,
): Promise<Side[]> {
  const times = await runInTurns(runners, options);
  return await Promise.all(runners.map(async (runner, i) => ({
    seconds: times[i],
    peakMb: await runner.peakMb(),
    load: runner.about.load,
  })));
}

function openReference(
  python: string,
  { family, settings = {} }: NonNullable<System["reference"]>,
  { path, part, work, threads = navigator.hardwareConcurrency }: Job,
  dtype: ReferenceType,
): Promise<ProcessRunner | { readonly missing: string }> {
  const script = new URL("reference.py", import.meta.url).pathname;
  const job = { family, path, part, ...work, dtype, threads, settings };
  return openProcess({
    command: python,
    args: [script, JSON.stringify(job)],
  });
}
