/** Measured and published times as tables. */

import type { Row } from "../../eval/throughput/measure.ts";
import type { PublishedTime } from "../../eval/throughput/published.ts";
import type { Times } from "../run/timing.ts";
import { table } from "./table.ts";

const NONE = "–";

const HEADINGS = [
  "",
  "part",
  "weights",
  "device",
  "batch",
  "seconds",
  "from to",
  "a second",
  "GFLOP/s",
  "of fp32 product",
  "peak MB",
  "load s",
];

/** Rows of systems, one line each below the headings. */
export function rowLines(rows: readonly Row[]): string[] {
  return table([HEADINGS, ...rows.map(cells)]);
}

function cells(row: Row): string[] {
  const { part, steps, precision, isRandom, seconds, rate, fraction } = row;
  return [
    row.system,
    steps === undefined ? part : `${part}, ${steps} steps`,
    `${precision}${isRandom ? ", random" : ""}`,
    row.device,
    `${row.batch}`,
    secondsText(seconds.median),
    rangeText(seconds),
    digits(row.perSecond),
    rate === undefined ? NONE : rate.toFixed(0),
    fraction === undefined
      ? NONE
      : `${fraction.toFixed(2)} of ${row.multiplyRate.toFixed(0)}`,
    row.peakMb.toFixed(0),
    secondsText(row.load),
  ];
}

/** Three digits, as far as a number is below 100. */
export function digits(value: number): string {
  return value >= 100 ? value.toFixed(0) : `${Number(value.toPrecision(3))}`;
}

/** Seconds, with three digits. */
export function secondsText(value: number): string {
  return value < 1 ? value.toFixed(value < 0.1 ? 4 : 3) : digits(value);
}

/** The fastest and the slowest run. */
export function rangeText({ least, most }: Times): string {
  return `${secondsText(least)} ${secondsText(most)}`;
}

/** What others published. */
export function publishedLines(times: readonly PublishedTime[]): string[] {
  return table([
    ["", "pixels", "batch", "steps", "seconds", "hardware", "source"],
    ...times.map(({ system, pixels, batch, steps, ...rest }) => [
      system,
      `${pixels}`,
      `${batch ?? NONE}`,
      `${steps ?? NONE}`,
      secondsText(rest.seconds),
      rest.hardware,
      rest.source,
    ]),
  ]);
}
