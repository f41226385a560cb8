/** Charts of points and lines as SVG. */

import {
  type Path,
  pathsOf,
  placeLabels,
  placeLineLabel,
} from "./chart_labels.ts";
import { type Scale, scalesOf } from "./chart_scale.ts";
import type { Chart, ChartPoint, ChartSeries } from "./panel.ts";
import { AXIS, colourOf, GRID, PAPER, QUIET_INK } from "./style.ts";
import {
  type Box,
  escapeXml,
  fitted,
  mark,
  rect,
  round,
  short,
  text,
} from "./svg.ts";

/** What a chart and its axes' numbers and titles take. */
export const CHART_SIZE = { width: 440, height: 320 };
/** What names that are written aslant take besides. */
export const ASLANT = 20;
const PLOT: Box = { left: 68, top: 40, width: 352, height: 230 };
/** Letters of a name below an axis. */
const LONGEST_NAME = 15;

/** From a point to pixels. */
type Locate = (point: ChartPoint) => readonly [number, number];

/** A chart, of {@linkcode CHART_SIZE}; a series' colour is by its name. */
export function chartSvg(chart: Chart, names: readonly string[]): string {
  const points = chart.series.flatMap((series) => series.points);
  const { x, y } = scalesOf(chart, PLOT);
  const locate: Locate = (point) => [across(x, point.x), down(y, point.y)];
  const { draw = "marks" } = chart;
  const paths = pathsOf(chart, { x, y }, PLOT);
  return [
    text(PLOT.left, 22, chart.title, `font-weight="600" font-size="13"`),
    frame(chart, x, y),
    ...chart.line ? [reference(chart.line, y, paths)] : [],
    ...chart.series.map((series) => {
      const index = names.indexOf(series.name);
      const isMarked = draw !== "lines" && !series.faint;
      return (draw === "marks" ? "" : lineSvg(series, index, locate)) +
        (isMarked ? marksSvg(series, index, chart, locate, y) : "");
    }),
    ...chart.labels ? labelsSvg(points, locate, paths) : [],
  ].join("\n");
}

/** From a value to pixels, from the left and from above. */
function across(scale: Scale, value: number): number {
  return PLOT.left + PLOT.width * scale.place(value);
}
function down(scale: Scale, value: number): number {
  return PLOT.top + PLOT.height * (1 - scale.place(value));
}

/** The ground, the ticks with their grid, and the axes' titles. */
function frame({ x: { title, names }, y }: Chart, xs: Scale, ys: Scale) {
  const { left, top, width, height } = PLOT;
  const middle = `text-anchor="middle"`;
  return [
    ...ys.ticks.map((tick) => {
      const at = round(down(ys, tick.at));
      return `<path d="M${left} ${at}h${width}" stroke="${GRID}"/>` +
        text(left - 8, at + 4, tick.text, `text-anchor="end"`);
    }),
    ...ticksBelow(xs, names),
    rect(PLOT, `fill="none" stroke="${AXIS}"`),
    text(
      left + width / 2,
      CHART_SIZE.height - 14 + (isAslant(names) ? ASLANT : 0),
      title,
      middle,
    ),
    text(
      16,
      top + height / 2,
      y.title,
      `${middle} transform="rotate(-90 16 ${top + height / 2})"`,
    ),
  ].join("");
}

/** Whether the names below an axis would run into each other. */
export function isAslant(names: readonly string[] | undefined): boolean {
  return names?.some((name) => name.length > 50 / names.length) ?? false;
}

function ticksBelow(scale: Scale, names: readonly string[] | undefined) {
  const bottom = PLOT.top + PLOT.height;
  const isLong = isAslant(names);
  return scale.ticks.map((tick) => {
    const at = round(across(scale, tick.at));
    const shown = fitted(tick.text, LONGEST_NAME);
    const line = `<path d="M${at} ${PLOT.top}v${PLOT.height}" ` +
      `stroke="${GRID}"/>`;
    if (!isLong) {
      return line + text(at, bottom + 18, shown, `text-anchor="middle"`);
    }
    const aslant = `text-anchor="end" font-size="11" ` +
      `transform="rotate(-25 ${at + 4} ${bottom + 14})"`;
    return line + text(at + 4, bottom + 14, shown, aslant);
  });
}

function reference(
  { y, name }: NonNullable<Chart["line"]>,
  scale: Scale,
  paths: readonly Path[],
) {
  const at = round(down(scale, y));
  const { left, width } = PLOT;
  const { end, side } = placeLineLabel(name, at, PLOT, paths);
  return `<path d="M${left} ${at}h${width}" stroke="${QUIET_INK}" ` +
    `stroke-dasharray="5 4"/>` +
    text(
      end === "left" ? left + 4 : left + width - 4,
      side === "above" ? at - 5 : at + 13,
      name,
      `text-anchor="${end === "left" ? "start" : "end"}" ` +
        `fill="${QUIET_INK}" font-size="11"`,
    );
}

function marksSvg(
  { name, points }: ChartSeries,
  index: number,
  chart: Chart,
  locate: Locate,
  scale: Scale,
): string {
  const bars = points.filter(({ error }) => error).map((point) => {
    const { y, error = 0 } = point;
    const [left] = locate(point);
    const [high, low] = [y + error, y - error].map((one) =>
      round(down(scale, one))
    );
    return `<path d="M${round(left)} ${high}V${low}" ` +
      `stroke="${colourOf(index)}" opacity="0.5"/>`;
  });
  const marks = points.map((point) =>
    `<g><title>${escapeXml(tip(chart, name, point))}</title>${
      mark(index, ...locate(point))
    }</g>`
  );
  return [...bars, ...marks].join("");
}

/** What is told of a point under the pointer. */
function tip({ x }: Chart, name: string, point: ChartPoint): string {
  const { label } = point;
  const place = x.names
    ? short(point.y)
    : `${short(point.x)}, ${short(point.y)}`;
  return `${name && `${name}: `}${label ? `${label} (${place})` : place}`;
}

function lineSvg(
  { points, faint }: ChartSeries,
  index: number,
  locate: Locate,
): string {
  const path = points.map((point) => locate(point).map(round).join(" "))
    .join("L");
  if (path === "") return "";
  return `<path d="M${path}" fill="none" stroke="${colourOf(index)}" ` +
    (faint
      ? `stroke-width="1" opacity="0.25"/>`
      : `stroke-width="1.8" stroke-linejoin="round"/>`);
}

function labelsSvg(
  points: readonly ChartPoint[],
  locate: Locate,
  paths: readonly Path[],
): string[] {
  const labels = points.filter(({ label }) => label).map((point) => ({
    text: point.label!,
    at: locate(point),
  }));
  return placeLabels(labels, PLOT, paths).map(({ text: shown, x, y }) =>
    text(
      x,
      y,
      shown,
      `font-size="10.5" stroke="${PAPER}" stroke-width="3" ` +
        `paint-order="stroke"`,
    )
  );
}
