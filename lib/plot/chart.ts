/** Charts of points and lines as SVG, which needs nothing to be looked at. */

import { nameScale, numberScale, type Scale } from "./chart_scale.ts";
import { type Box, placeLabels } from "./chart_labels.ts";

/** A point, with a bar of its error above and below. */
export interface ChartPoint {
  readonly x: number;
  readonly y: number;
  readonly error?: number;
  /** What is told of it under the pointer, and beside it if there is room. */
  readonly label: string;
}

/** Points of one colour. */
export interface ChartSeries {
  readonly name: string;
  readonly points: readonly ChartPoint[];
}

/** An axis: numbers, or names at 0, 1, 2 and so on. */
export interface ChartAxis {
  readonly title: string;
  readonly names?: readonly string[];
}

/** One chart. */
export interface Chart {
  readonly title: string;
  readonly x: ChartAxis;
  readonly y: ChartAxis;
  readonly series: readonly ChartSeries[];
  /** A value of y to compare with, drawn across. */
  readonly line?: { readonly y: number; readonly name: string };
  /** Whether a line goes from point to point of a series, in their order. */
  readonly joined?: boolean;
  /** Whether labels are written beside the points. */
  readonly labels?: boolean;
}

const WIDTH = 440;
const PLOT: Box = { left: 68, top: 40, width: 352, height: 230 };
/** Height of a panel: the plot, its numbers and the title below. */
const HEIGHT = 340;
const LEGEND_LINE = 20;
/** Letters of a name below an axis. */
const LONGEST_NAME = 15;

/** Colours that people with any colour vision tell apart (Okabe and Ito). */
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7"]
  .concat("#e69f00", "#56b4e9", "#000000", "#7a5195");

/**
 * Charts side by side, with one legend of the series of the first.
 *
 * @returns the text of an SVG file
 */
export function chartSvg(charts: readonly Chart[]): string {
  const names = charts[0].series.map(({ name }) => name);
  const legend = names.length > 1 ? names : [];
  const width = WIDTH * charts.length;
  const columns = Math.max(1, Math.floor(width / 220));
  const lines = Math.ceil(legend.length / columns);
  const height = HEIGHT + lines * LEGEND_LINE + (lines > 0 ? 8 : 0);
  const panels = charts.map((chart, i) =>
    `<g transform="translate(${i * WIDTH} 0)">${panel(chart)}</g>`
  );
  const entries = legend.map((name, i) => {
    const x = 24 + (i % columns) * (width / columns);
    const y = HEIGHT + 10 + Math.floor(i / columns) * LEGEND_LINE;
    return mark(i, x, y) + text(x + 10, y + 4, name);
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" ` +
    `height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `font-family="system-ui, 'DejaVu Sans', sans-serif" font-size="12" ` +
    `fill="#26262b"><rect width="100%" height="100%" fill="#fff"/>\n` +
    `${[...panels, ...entries].join("\n")}\n</svg>\n`;
}

function panel(chart: Chart): string {
  const points = chart.series.flatMap((series) => series.points);
  const ys = points.flatMap(({ y, error = 0 }) => [y - error, y + error]);
  if (chart.line) ys.push(chart.line.y);
  const x = chart.x.names
    ? nameScale(chart.x.names)
    : numberScale(points.map((point) => point.x));
  const y = numberScale(ys);
  const at = (point: ChartPoint) =>
    [across(x, point.x), down(y, point.y)] as const;
  return [
    text(PLOT.left, 22, chart.title, `font-weight="600" font-size="13"`),
    frame(chart, x, y),
    ...chart.line ? [reference(chart.line, y)] : [],
    ...chart.series.map((series, i) =>
      (chart.joined ? pathSvg(series, i, at) : "") +
      seriesSvg(series, i, at, y, chart.x.names !== undefined)
    ),
    ...chart.labels ? labelsSvg(points, at) : [],
  ].join("\n");
}

/** From a value to pixels, from the left and from above. */
function across({ from, to }: Scale, value: number): number {
  return PLOT.left + PLOT.width * (value - from) / (to - from);
}
function down({ from, to }: Scale, value: number): number {
  return PLOT.top + PLOT.height * (to - value) / (to - from);
}

/** The ground, the ticks with their grid, and the axes' titles. */
function frame({ x: { title, names }, y }: Chart, xs: Scale, ys: Scale) {
  const { left, top, width, height } = PLOT;
  const bottom = top + height;
  const isLong = names?.some((name) => name.length > 50 / names.length);
  const parts = ys.ticks.map((tick) => {
    const at = round(down(ys, tick.at));
    return `<path d="M${left} ${at}h${width}" stroke="#e3e3e8"/>` +
      text(left - 8, at + 4, tick.text, `text-anchor="end"`);
  });
  for (const tick of xs.ticks) {
    const at = round(across(xs, tick.at));
    const shown = tick.text.length > LONGEST_NAME
      ? `${tick.text.slice(0, LONGEST_NAME - 1)}…`
      : tick.text;
    parts.push(
      `<path d="M${at} ${top}v${height}" stroke="#e3e3e8"/>`,
      isLong
        ? text(
          at + 4,
          bottom + 14,
          shown,
          `text-anchor="end" font-size="11" ` +
            `transform="rotate(-25 ${at + 4} ${bottom + 14})"`,
        )
        : text(at, bottom + 18, shown, `text-anchor="middle"`),
    );
  }
  const middle = `text-anchor="middle"`;
  parts.push(
    `<rect x="${left}" y="${top}" width="${width}" height="${height}" ` +
      `fill="none" stroke="#9a9aa4"/>`,
    text(left + width / 2, HEIGHT - 14, title, middle),
    text(
      16,
      top + height / 2,
      y.title,
      `${middle} transform="rotate(-90 16 ${top + height / 2})"`,
    ),
  );
  return parts.join("");
}

function reference({ y, name }: NonNullable<Chart["line"]>, scale: Scale) {
  const at = round(down(scale, y));
  const { left, width } = PLOT;
  return `<path d="M${left} ${at}h${width}" stroke="#5f5f69" ` +
    `stroke-dasharray="5 4"/>` +
    text(
      left + width - 4,
      at - 5,
      name,
      `text-anchor="end" fill="#5f5f69" font-size="11"`,
    );
}

function seriesSvg(
  { name, points }: ChartSeries,
  index: number,
  at: (point: ChartPoint) => readonly [number, number],
  scale: Scale,
  isNamed: boolean,
): string {
  const colour = colourOf(index);
  const bars = points.filter(({ error }) => error).map(
    ({ x, y, error, label }) => {
      const [left] = at({ x, y, label });
      const [high, low] = [y + error!, y - error!].map((one) =>
        down(scale, one)
      );
      return `<path d="M${round(left)} ${round(high)}V${round(low)}" ` +
        `stroke="${colour}" opacity="0.5"/>`;
    },
  );
  const marks = points.map((point) => {
    const { x, y, label } = point;
    const place = isNamed ? short(y) : `${short(x)}, ${short(y)}`;
    const told = `${name && `${name}: `}${label} (${place})`;
    return `<g><title>${escapeXml(told)}</title>${
      mark(index, ...at(point))
    }</g>`;
  });
  return [...bars, ...marks].join("");
}

function pathSvg(
  { points }: ChartSeries,
  index: number,
  at: (point: ChartPoint) => readonly [number, number],
): string {
  const path = points.map((point) => at(point).map(round).join(" ")).join("L");
  return `<path d="M${path}" fill="none" stroke="${colourOf(index)}" ` +
    `stroke-width="1.5" opacity="0.7"/>`;
}

function labelsSvg(
  points: readonly ChartPoint[],
  at: (point: ChartPoint) => readonly [number, number],
): string[] {
  const labels = points.map((point) => ({ text: point.label, at: at(point) }));
  return placeLabels(labels, PLOT).map(({ text: shown, x, y }) =>
    text(
      x,
      y,
      shown,
      `font-size="10.5" stroke="#fff" stroke-width="3" paint-order="stroke"`,
    )
  );
}

/** Colours repeat after a while, with another form. */
function mark(index: number, x: number, y: number): string {
  const fill = colourOf(index);
  const [left, top] = [round(x), round(y)];
  return Math.floor(index / COLOURS.length) % 2 === 0
    ? `<circle cx="${left}" cy="${top}" r="4" fill="${fill}"/>`
    : `<rect x="${round(x - 3.5)}" y="${round(y - 3.5)}" width="7" ` +
      `height="7" fill="${fill}"/>`;
}

function colourOf(index: number): string {
  return COLOURS[index % COLOURS.length];
}

function text(x: number, y: number, content: string, attributes = ""): string {
  return `<text x="${round(x)}" y="${round(y)}" ${attributes}>${
    escapeXml(content)
  }</text>`;
}

/** A number as people read it. */
function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function round(pixels: number): number {
  return Math.round(10 * pixels) / 10;
}

function escapeXml(content: string): string {
  return content.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}
