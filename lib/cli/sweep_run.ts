/** What `sweep` does once its arguments are understood. */

import { join } from "node:path";
import type { Figures } from "../../eval/measure.ts";
import { OWN_MEASURES } from "../../eval/own_measures.ts";
import type { Judge } from "../../eval/probe/judge.ts";
import { judged } from "../../eval/probe/measure.ts";
import { runVersions } from "../../eval/run/versions.ts";
import { openSweep, type Sweeper, type SweepResult } from "../../eval/sweep.ts";
import { sweepSvg } from "../../eval/sweep_charts.ts";
import { sweepCsv, type SweepReport } from "../../eval/sweep_report.ts";
import { loadMuse, type Muse } from "../muse/pipeline.ts";
import { writeAtomicSync } from "../run/atomic.ts";
import { effectiveSettings } from "./effective_settings.ts";
import { precisionText } from "./generate_text.ts";
import { openJudge } from "./open_judge.ts";
import { knownSettings } from "./setting_forms.ts";
import { progressText } from "./status.ts";
import { commonOf, type SweepRequest } from "./sweep_args.ts";

/** Counts up when what was measured before counts no more. */
const VERSION = 1;

/** The measured sweep, and the files it was written to. */
export interface SweepOutcome {
  readonly report: SweepReport;
  readonly files: readonly string[];
}

/**
 * Measures every setting that isn't yet, and writes the results after each.
 * @param status is told how far it is
 */
export async function sweep(
  request: SweepRequest,
  status: (text: string) => void,
): Promise<SweepOutcome> {
  const { model, weights, run, scenes, seed, axes } = request;
  status(`loading ${model}`);
  const muse = await loadMuse(model, { ...run, weights });
  let judge: Judge | undefined;
  try {
    judge = await judgeOf(muse, request.judge);
    const measures = judge ? [judged(judge), ...OWN_MEASURES] : OWN_MEASURES;
    const sweeper = await openSweep(muse, { scenes, seed, measures });
    try {
      const cells = request.cells.map((cell) => ({
        ...cell,
        settings: effectiveSettings(cell.settings, muse),
      }));
      const columns = measures.flatMap((measure) => measure.columns);
      const empty: SweepReport = {
        model: muse.name,
        hash: muse.hash,
        samples: sweeper.scenes,
        of: "validation scenes",
        seed,
        settings: { ...commonOf(axes, cells), ...precisionText(run) },
        axes,
        columns,
        rows: [],
      };
      const whole = { ...request, cells };
      return await measureAll(whole, sweeper, empty, judge?.hash, status);
    } finally {
      await sweeper.release();
    }
  } finally {
    await judge?.release();
    await muse.release();
  }
}

/** The judge, if it reads pictures of this size. */
async function judgeOf(
  { name, tokenizer }: Muse,
  asked: string | undefined,
): Promise<Judge | undefined> {
  const judge = await openJudge(asked);
  const { imageSize } = tokenizer.config;
  if (!judge || judge.config.imageSize === imageSize) return judge;
  await judge.release();
  if (asked === undefined) return undefined;
  throw new Error(
    `Cannot judge pictures of ${name} by ${asked}: it reads ` +
      `${judge.config.imageSize} pixels, wanted the base's ${imageSize}; ` +
      "train a judge of that size, or leave out --judge",
  );
}

async function measureAll(
  { out, cells, seed, run }: SweepRequest,
  sweeper: Sweeper,
  empty: SweepReport,
  judge: string | undefined,
  status: (text: string) => void,
): Promise<SweepOutcome> {
  const { hash, samples, columns } = empty;
  const precision = precisionText(run);
  const depends = [
    ...[VERSION, runVersions()],
    ...[hash, judge, samples, columns.map(({ name }) => name)],
    ...Object.values(precision),
  ];
  const kept = <T>(key: unknown[], measure: () => Promise<T>): Promise<T> =>
    keep(join(out, "rows"), [...depends, ...key], measure);
  status("measuring the scenes rebuilt by the tokenizer");
  const rebuilt = await kept<Figures>([], () => sweeper.rebuilt());
  let outcome: SweepOutcome = { report: { ...empty, rebuilt }, files: [] };
  // Settings that were measured earlier take no time.
  let start: { readonly at: number; readonly before: number } | undefined;
  for (const [done, { values, settings }] of cells.entries()) {
    const result = await kept<SweepResult>(
      [seed, knownSettings(settings)],
      () =>
        sweeper.measure(settings, (share) => {
          start ??= { at: performance.now(), before: done + share };
          const { at, before } = start;
          const seconds = (performance.now() - at) / 1000;
          const all = done + share;
          status(progressText("measured", all, cells.length, seconds, before));
        }),
    );
    const rows = [...outcome.report.rows, { values, ...result }];
    const report = { ...outcome.report, rows };
    outcome = { report, files: writeSweep(out, report) };
  }
  return outcome;
}

/** Measures, unless a file of the folder says what came of it before. */
async function keep<T>(
  folder: string,
  key: unknown[],
  measure: () => Promise<T>,
): Promise<T> {
  const text = JSON.stringify(key);
  const digest = await crypto.subtle.digest(
    "SHA-256",
    new TextEncoder().encode(text),
  );
  const path = join(
    folder,
    `${new Uint8Array(digest).toHex().slice(0, 20)}.json`,
  );
  const known = readKept(path);
  if (known?.key === text) return known.result as T;
  const result = await measure();
  writeAtomicSync(path, encode({ key: text, result }));
  return result;
}

function readKept(path: string): { key?: unknown; result?: unknown } | null {
  try {
    return JSON.parse(Deno.readTextFileSync(path));
  } catch {
    return null; // it isn't there, or no whole file
  }
}

/** Writes the files of a report; returns their paths. */
export function writeSweep(out: string, report: SweepReport): string[] {
  const texts = {
    "sweep.json": `${JSON.stringify(report, null, 2)}\n`,
    "sweep.csv": sweepCsv(report),
    "sweep.svg": sweepSvg(report),
  };
  return Object.entries(texts).map(([name, text]) => {
    const path = join(out, name);
    writeAtomicSync(path, new TextEncoder().encode(text));
    return path;
  });
}

function encode(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}
