/** Charts and bars for Plotly. */

import { pathsOf, placeLineLabel } from "./chart_labels.ts";
import { type Scale, scalesOf } from "./chart_scale.ts";
import type {
  BarChart,
  Chart,
  ChartAxis,
  ChartPoint,
  ChartSeries,
} from "./panel.ts";
import {
  axisName,
  type Json,
  type PlotlyPanel,
  type PlotlyPart,
  trimmed,
} from "./plotly.ts";
import { AXIS, colourOf, GRID, isSecondRound, QUIET_INK } from "./style.ts";
import type { Box } from "./svg.ts";

/** Height that labels take above the highest point, of the whole. */
const LABEL = 0.08;

const MODES = { marks: "markers", lines: "lines", both: "lines+markers" };

/** A chart as panel `index` of a figure; colours are by the series' names. */
export function plotlyChart(
  chart: Chart,
  names: readonly string[],
  index: number,
  legendFor: ReadonlySet<string>,
): PlotlyPanel {
  const axes = {
    xaxis: axisName("x", index),
    yaxis: axisName("y", index),
  };
  const { x, y, line } = chart;
  const scales = scalesOf(chart, USUAL);
  return {
    traces: chart.series.map((series) => ({
      ...seriesTrace(chart, series, names.indexOf(series.name)),
      ...legendParts(series.name, legendFor.has(series.name)),
      ...axes,
    })),
    x: axis(x, scales.x),
    y: {
      ...axis(y, scales.y, chart.labels ? LABEL : 0),
      ...chart.equal ? { scaleanchor: axes.xaxis } : {},
    },
    ...line
      ? {
        shapes: [{
          type: "line",
          xref: `${axes.xaxis} domain`,
          yref: axes.yaxis,
          x0: 0,
          x1: 1,
          y0: line.y,
          y1: line.y,
          line: { color: QUIET_INK, width: 1, dash: "dash" },
        }],
        annotations: [{
          ...lineName(chart, scales),
          xref: `${axes.xaxis} domain`,
          yref: axes.yaxis,
        }],
      }
      : {},
  };
}

/** A plot of a usual size: Plotly's is as large as its window. */
const USUAL: Box = { left: 0, top: 0, width: 400, height: 230 };

/** The name of a chart's line, where the least is drawn. */
function lineName(
  chart: Chart,
  scales: { readonly x: Scale; readonly y: Scale },
): PlotlyPart {
  const { y: value, name } = chart.line!;
  const height = USUAL.height * (1 - scales.y.place(value));
  const paths = pathsOf(chart, scales, USUAL);
  const { end, side } = placeLineLabel(name, height, USUAL, paths);
  return {
    text: escapePlotly(name),
    x: end === "left" ? 0 : 1,
    y: chart.y.log ? Math.log10(value) : value,
    xanchor: end,
    yanchor: side === "above" ? "bottom" : "top",
    showarrow: false,
    font: { size: 11, color: QUIET_INK },
  };
}

function seriesTrace(
  { draw = "marks", labels, x, y }: Chart,
  { name, points, faint }: ChartSeries,
  index: number,
): PlotlyPart {
  const color = colourOf(index);
  const mode = faint ? "lines" : MODES[draw];
  const hasLabels = points.some(({ label }) => label);
  const told = `${name && `<b>${escapePlotly(name)}</b><br>`}` +
    (hasLabels ? "%{text}<br>" : "") +
    (x.names ? "" : `${escapePlotly(x.title)}: %{x:.4~g}<br>`) +
    `${escapePlotly(y.title)}: %{y:.4~g}<extra></extra>`;
  return {
    type: "scatter",
    name: escapePlotly(name),
    mode: labels && !faint ? `${mode}+text` : mode,
    x: points.map((point) => trimmed(point.x)),
    y: points.map((point) => trimmed(point.y)),
    ...hasLabels
      ? { text: points.map(({ label = "" }) => escapePlotly(label)) }
      : {},
    ...labels
      ? {
        textposition: "top center",
        textfont: { size: 10.5 },
        cliponaxis: false,
      }
      : {},
    ...points.some(({ error }) => error) && !faint
      ? { error_y: errorBars(points, color) }
      : {},
    line: { color, width: faint ? 1 : 1.8 },
    marker: {
      color,
      size: 8,
      symbol: isSecondRound(index) ? "square" : "circle",
    },
    opacity: faint ? 0.3 : 1,
    hovertemplate: told,
    ...faint ? { hoverinfo: "skip" } : {},
  };
}

function errorBars(points: readonly ChartPoint[], color: string): PlotlyPart {
  const array = points.map(({ error = 0 }) => trimmed(error));
  return { type: "data", array, color, thickness: 1, width: 0 };
}

function axis(
  { title, names, log }: ChartAxis,
  { from, to }: Scale,
  above = 0,
): PlotlyPart {
  const [low, high] = log ? [from, to].map(Math.log10) : [from, to];
  return {
    ...AXIS_STYLE,
    title: axisTitle(title),
    range: [low, high + above * (high - low)],
    ...log ? { type: "log" } : {},
    ...names
      ? {
        tickvals: names.map((_, i) => i),
        ticktext: names.map(escapePlotly),
      }
      : {},
  };
}

function axisTitle(title: string): PlotlyPart {
  return { text: escapePlotly(title), font: { size: 12 } };
}

/** How axes of numbers look. */
const AXIS_STYLE: PlotlyPart = {
  gridcolor: GRID,
  linecolor: AXIS,
  mirror: true,
  showline: true,
  zeroline: false,
  automargin: true,
};

/** Bars as panel `index` of a figure. */
export function plotlyBars(
  chart: BarChart,
  legend: readonly string[],
  index: number,
  legendFor: ReadonlySet<string>,
): PlotlyPanel {
  const { names, series, value } = chart;
  const places = names.map((_, i) => i);
  return {
    traces: series.map(({ name, values }, part) => ({
      type: "bar",
      orientation: "h",
      name: escapePlotly(name),
      ...legendParts(name, legendFor.has(name)),
      x: values.map(trimmed),
      y: places,
      text: names.map(escapePlotly),
      textposition: "none",
      // Panels don't share their bars; the parts of one do.
      offsetgroup: chart.stacked ? `${index}` : `${index} ${part}`,
      alignmentgroup: `${index}`,
      marker: { color: colourOf(legend.indexOf(name)) },
      hovertemplate: `<b>%{text}</b><br>${
        name && `${escapePlotly(name)}: `
      }%{x:.4~g}<extra></extra>`,
      xaxis: axisName("x", index),
      yaxis: axisName("y", index),
    })),
    x: {
      ...AXIS_STYLE,
      title: axisTitle(value.title),
      rangemode: "tozero",
    },
    y: {
      ...AXIS_STYLE,
      showgrid: false,
      autorange: "reversed",
      tickvals: places,
      ticktext: names.map(escapePlotly),
    },
  };
}

/** Series of one name are one entry of the legend. */
function legendParts(name: string, isShown: boolean): { [key: string]: Json } {
  return { legendgroup: name, showlegend: isShown };
}

/** Text that Plotly takes for text: it reads some tags of HTML. */
export function escapePlotly(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}
