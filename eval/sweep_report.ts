/** What a sweep came to, with what it depends on, as text and as a table. */

import type { Column, Figure, Figures } from "./measure.ts";
import type { SweepResult } from "./sweep.ts";

/** One setting and what it came to. */
export interface SweepRow extends Pick<SweepResult, "figures"> {
  /** From prompt to picture, where it was timed. */
  readonly seconds?: number;
  /** The values of the axes, in their order. */
  readonly values: readonly string[];
}

/** A whole sweep. */
export interface SweepReport {
  /** The model's name. */
  readonly model: string;
  /** SHA-256 over the hashes of its files. */
  readonly hash: string;
  /** Pictures of each setting. */
  readonly samples: number;
  /** What they are of, such as "validation scenes". */
  readonly of: string;
  /** Picture i was drawn by the seed `seed + i`. */
  readonly seed: number;
  /** What all settings have in common, by name. */
  readonly settings: Readonly<Record<string, string>>;
  /** Names of what was varied. */
  readonly axes: readonly string[];
  /** What was measured. */
  readonly columns: readonly Column[];
  /** The same of the scenes, rebuilt by the tokenizer, where that is asked. */
  readonly rebuilt?: Figures;
  /** One a setting. */
  readonly rows: readonly SweepRow[];
}

/** The name of the last row. */
export const REBUILT = "rebuilt";

/** What that is: pictures of the scenes' own tokens. */
export const REBUILT_SCENES = "scenes rebuilt by the tokenizer";

/** A table with commas, for spreadsheets: RFC 4180. */
export function sweepCsv({ axes, columns, rebuilt, rows }: SweepReport) {
  const timed = isTimed(rows);
  const parts = columns.flatMap(({ name }) =>
    (["value", "error", "deviation"] as const)
      .filter((part) => part !== "deviation" || hasDeviation(rows, name))
      .map((part) => ({ name, part }))
  );
  const names = parts.map(({ name, part }) =>
    part === "value" ? name : `${name} ${part}`
  );
  const cells = (figures: Figures) =>
    parts.map(({ name, part }) => String(figures[name][part] ?? ""));
  return [
    [...axes, ...names, ...timed ? ["seconds"] : []],
    ...rows.map(({ values, figures, seconds }) => [
      ...values,
      ...cells(figures),
      ...timed ? [String(seconds)] : [],
    ]),
    ...lastRow(axes, rebuilt && cells(rebuilt), timed),
  ].map((row) => `${row.map(quote).join(",")}\r\n`).join("");
}

const isTimed = (rows: SweepReport["rows"]) =>
  rows.every(({ seconds }) => seconds !== undefined);

/** Whether a figure is of subsets, of which few are. */
const hasDeviation = (rows: SweepReport["rows"], name: string) =>
  rows.some(({ figures }) => figures[name].deviation !== undefined);

/** The rebuilt scenes, whose tokens nobody drew, below the settings. */
function lastRow(
  axes: readonly string[],
  cells: readonly string[] | undefined,
  timed: boolean,
): string[][] {
  if (!cells) return [];
  const names = axes.map((_, i) => i ? "" : REBUILT);
  return [[...names, ...cells, ...timed ? [""] : []]];
}

function quote(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** A table for people. */
export function sweepTable(report: SweepReport): string {
  const { model, hash, samples, of, seed, settings, axes, columns } = report;
  const { rebuilt, rows } = report;
  const timed = isTimed(rows);
  const cells = (figures: Figures) =>
    columns.map(({ name }) => figureText(figures[name]));
  const table = [
    [
      ...axes,
      ...columns.map(({ name }) => name),
      ...timed ? ["s a picture"] : [],
    ],
    ...rows.map(({ values, figures, seconds }) => [
      ...values,
      ...cells(figures),
      ...timed ? [seconds!.toFixed(3)] : [],
    ]),
    ...lastRow(axes, rebuilt && cells(rebuilt), timed),
  ];
  const widths = table[0].map((_, i) =>
    Math.max(...table.map((row) => row[i].length))
  );
  const lines = table.map((row) =>
    row.map((cell, i) =>
      i < axes.length ? cell.padEnd(widths[i]) : cell.padStart(widths[i])
    ).join("  ").trimEnd()
  );
  return [
    `${model}, weights ${hash.slice(0, 12)}, ${samples} ${of}, ` +
    `seeds from ${seed}`,
    Object.entries(settings).map(([name, value]) => `${name} ${value}`)
      .join(", "),
    "",
    ...lines,
    "",
    ...columns.map(({ name, title, unit, better }) =>
      `${name === title ? name : `${name}: ${title}`}` +
      `${unit === "" ? "" : `, ${unit}`}; ${better} is better` +
      (hasDeviation(rows, name) ? "; ± its deviation over subsets" : "")
    ),
    ...rebuilt ? [`${REBUILT}: ${REBUILT_SCENES}`] : [],
  ].join("\n");
}

/** A figure, to two digits of its error or deviation, else to three or more. */
function figureText({ value, error, deviation }: Figure): string {
  const around = error ?? deviation;
  if (!around) return value.toFixed(Math.max(3, decimals(value, 3)));
  const digits = decimals(around, 2);
  return `${value.toFixed(digits)} ± ${around.toFixed(digits)}`;
}

/** Places behind the point for so many digits that aren't leading zeros. */
function decimals(value: number, digits: number): number {
  if (value === 0) return 0;
  const places = digits - 1 - Math.floor(Math.log10(Math.abs(value)));
  return Math.min(9, Math.max(0, places));
}
