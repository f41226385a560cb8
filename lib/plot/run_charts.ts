/** What runs of training and evaluation come to, as panels of figures. */

import type { BarChart, Chart, ChartPoint, ChartSeries } from "./panel.ts";

/** Points that smooth a loss on either side of one: a share of all. */
const SMOOTH = 0.02;

/** The numbers of one run by its steps. */
export interface LossCurve {
  /** Shown in the legend. */
  readonly name: string;
  /** Steps done, and the loss then; in the order of the steps. */
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

/**
 * Losses over steps: pale as they are, and above that a mean of those around.
 *
 * @param unit of the loss, "nats a token" for one
 */
export function lossChart(curves: readonly LossCurve[], unit: string): Chart {
  return {
    kind: "chart",
    title: "Loss",
    x: { title: "step" },
    y: { title: `loss (${unit})` },
    draw: "lines",
    series: curves.flatMap(({ name, points }): ChartSeries[] => [
      { name, points, faint: true },
      { name, points: smoothed(points) },
    ]),
  };
}

/**
 * A mean over the points around, which does not lag where the loss falls. At
 * the start, where it falls most, as few are taken from behind as from before;
 * at the end, where it is nearly flat, those that there are.
 */
function smoothed(points: LossCurve["points"]): ChartPoint[] {
  const reach = Math.ceil(SMOOTH * points.length);
  return points.map(({ x }, i) => {
    const side = Math.min(reach, i);
    const around = points.slice(i - side, i + side + 1);
    return { x, y: around.reduce((sum, { y }) => sum + y, 0) / around.length };
  });
}

/** A figure of so many samples. */
export interface SizedFigure {
  /** Samples N. */
  readonly samples: number;
  /** FID, for one. */
  readonly value: number;
  /** Its standard error. */
  readonly error?: number;
}

/**
 * A biased figure, such as FID, against the number N of samples, and what it
 * tends to.
 *
 * @param limit of N without end: the paper's FID-infinity (arXiv 1911.07023)
 */
export function sampleSizeChart(
  title: string,
  figures: readonly SizedFigure[],
  limit?: number,
): Chart {
  return {
    kind: "chart",
    title: `${title} against the number of samples`,
    x: { title: "samples N", log: true },
    y: { title },
    draw: "both",
    series: [{
      name: title,
      points: figures.map(({ samples, value, error }) => ({
        x: samples,
        y: value,
        error,
        label: `N = ${samples}`,
      })),
    }],
    ...limit === undefined ? {} : { line: { y: limit, name: "N without end" } },
  };
}

/** One setting and the two figures that pull against each other. */
export interface TradeOff {
  /** The setting: a scale of guidance, for one. */
  readonly label: string;
  /** Across: FID, for one. */
  readonly x: number;
  /** Upward: CLIP score, for one. */
  readonly y: number;
}

/**
 * One figure against another over settings, as in the paper's Figure 8: FID
 * and CLIP score over scales of guidance.
 *
 * @param curves settings in their order, by the name that the legend has
 */
export function tradeOffChart(
  title: string,
  axes: { readonly x: string; readonly y: string },
  curves: Readonly<Record<string, readonly TradeOff[]>>,
): Chart {
  return {
    kind: "chart",
    title,
    x: { title: axes.x },
    y: { title: axes.y },
    draw: "both",
    labels: true,
    series: Object.entries(curves).map(([name, points]) => ({ name, points })),
  };
}

/** Seconds of parts, by their names: `generate(…).seconds`, for one. */
export type PartSeconds = { readonly [part: string]: number | undefined };

/**
 * Where the time goes: a bar for each setting, of its parts end to end.
 *
 * @param settings by the name beside the bar; a part that is missing took none
 * @param per what the seconds are of: "a picture", for one
 */
export function timeBars(
  settings: Readonly<Record<string, PartSeconds>>,
  per: string,
): BarChart {
  const rows = Object.values(settings);
  const parts = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return {
    kind: "bars",
    title: "Where the time goes",
    names: Object.keys(settings),
    value: { title: `seconds ${per}` },
    stacked: true,
    series: parts.map((name) => ({
      name,
      values: rows.map((row) => row[name] ?? 0),
    })),
  };
}
