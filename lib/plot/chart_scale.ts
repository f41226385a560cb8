/** Axes of charts: where values lie, and which are written beside them. */

import type { Chart, ChartAxis } from "./panel.ts";

/** A value that is written at an axis. */
export interface Tick {
  readonly at: number;
  readonly text: string;
}

/** An axis from end to end. */
export interface Scale {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly Tick[];
  /** Where a value lies: 0 at `from`, 1 at `to`. */
  place(value: number): number;
}

/** The most values that are written at an axis of numbers, about. */
const TICKS = 7;
/** What is left free at the ends, of the whole. */
const MARGIN = 0.06;

/**
 * The axes of a chart: they hold its points, their errors and its line.
 *
 * @param box that they are drawn in, for units of one length
 */
export function scalesOf(
  chart: Chart,
  box: { readonly width: number; readonly height: number },
): { x: Scale; y: Scale } {
  const points = chart.series.flatMap((series) => series.points);
  const ys = points.flatMap(({ y, error = 0 }) => [y - error, y + error]);
  if (chart.line) ys.push(chart.line.y);
  const x = scaleOf(chart.x, points.map((point) => point.x));
  const y = scaleOf(chart.y, ys);
  if (!chart.equal) return { x, y };
  const unit = Math.min(
    box.width / (x.to - x.from),
    box.height / (y.to - y.from),
  );
  return { x: widened(x, box.width / unit), y: widened(y, box.height / unit) };
}

/** An axis of numbers that is so long, about the same middle. */
function widened({ from, to }: Scale, length: number): Scale {
  const more = (length - (to - from)) / 2;
  return scaleFrom(from - more, to + more);
}

function scaleOf({ names, log }: ChartAxis, values: readonly number[]): Scale {
  if (names) return nameScale(names);
  return log ? logScale(values) : numberScale(values);
}

/** An axis that holds all numbers, with ticks at round ones. */
export function numberScale(values: readonly number[]): Scale {
  const { least, most } = extent(values);
  const width = most - least || Math.abs(most) || 1;
  return scaleFrom(least - MARGIN * width, most + MARGIN * width);
}

/** An axis from 0 on, for bars, to the largest number. */
export function barScale(values: readonly number[]): Scale {
  const most = Math.max(extent(values).most, 0);
  return scaleFrom(0, most * (1 + MARGIN) || 1);
}

function scaleFrom(from: number, to: number): Scale {
  const step = roundStep((to - from) / TICKS);
  const first = Math.ceil(from / step);
  const count = Math.floor(to / step) - first + 1;
  const ticks = Array.from({ length: count }, (_, i) => {
    const at = (first + i) * step;
    return { at, text: tickText(at, step) };
  });
  return { from, to, ticks, place: (value) => (value - from) / (to - from) };
}

/**
 * An axis of numbers above 0 on which equal factors are equal distances, with
 * ticks at powers of ten, and between them where those are few.
 */
export function logScale(values: readonly number[]): Scale {
  const { least, most } = extent(values.filter((value) => value > 0), 1);
  const decades = Math.log10(most / least) || 1;
  const [low, high] = [
    Math.log10(least) - MARGIN * decades,
    Math.log10(most) + MARGIN * decades,
  ];
  const place = (value: number) => (Math.log10(value) - low) / (high - low);
  const factors = [[1], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 4, 5, 7]];
  const sets = factors.map((set) => ticksWithin(set, low, high));
  const enough = sets.find((ticks) => ticks.length >= 3) ?? sets[3];
  const ticks = enough.length > 0 ? enough : numberScale([least, most]).ticks
    .filter(({ at }) => at > 10 ** low && at < 10 ** high);
  return { from: 10 ** low, to: 10 ** high, ticks, place };
}

function ticksWithin(
  factors: readonly number[],
  low: number,
  high: number,
): Tick[] {
  const decades = Array.from(
    { length: Math.floor(high) - Math.floor(low) + 1 },
    (_, i) => Math.floor(low) + i,
  );
  // Of very many powers of ten every few are written.
  const every = Math.ceil(decades.length / TICKS);
  return decades.filter((_, i) => i % every === 0)
    .flatMap((power) => factors.map((factor) => Number(`${factor}e${power}`)))
    .filter((at) => Math.log10(at) >= low && Math.log10(at) <= high)
    .map((at) => ({ at, text: unitText(at) }));
}

const UNITS = [
  { unit: 1e9, letter: "G" },
  { unit: 1e6, letter: "M" },
  { unit: 1e3, letter: "k" },
];

/** Thousands and millions by their letter. */
function unitText(value: number): string {
  const { unit, letter } = UNITS.find(({ unit }) => value >= unit) ??
    { unit: 1, letter: "" };
  const count = Number((value / unit).toPrecision(6));
  return count >= 1e-4 ? `${count}${letter}` : count.toExponential();
}

/** An axis of names, at 0, 1, 2 and so on. */
export function nameScale(names: readonly string[]): Scale {
  const from = -0.5;
  const to = names.length - 0.5;
  return {
    from,
    to,
    ticks: names.map((text, at) => ({ at, text })),
    place: (value) => (value - from) / (to - from),
  };
}

/** The ends of what is finite; a curve may have thousands of points. */
function extent(values: readonly number[], none = 0) {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return least <= most ? { least, most } : { least: none, most: none };
}

/** The next of 1, 2, 5, 10, … and their like above or below. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const factor = [1, 2, 5, 10].find((one) => one * power >= step * 0.999)!;
  return factor * power;
}

/** As many digits as the steps need, and no negative zero. */
function tickText(at: number, step: number): string {
  if (step >= 1000) return at === 0 ? "0" : signed(at, unitText);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return (Math.round(at / step) === 0 ? 0 : at).toFixed(digits);
}

function signed(value: number, write: (value: number) => string): string {
  return value < 0 ? `-${write(-value)}` : write(value);
}
