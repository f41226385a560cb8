/** Figures for Plotly, which answers the pointer and plays frames. */

import type { Picture } from "../image/picture.ts";
import {
  defaultColumns,
  highest,
  isSquare,
  type MapScale,
  mapScales,
  type Panel,
  seriesNames,
} from "./panel.ts";
import {
  axisName,
  type PlotlyFigure,
  type PlotlyPanel,
  type PlotlyPart,
} from "./plotly.ts";
import { escapePlotly, plotlyBars, plotlyChart } from "./plotly_chart.ts";
import { colourAxes, plotlyMap, plotlyPicture } from "./plotly_map.ts";
import { FONT, INK, PAPER } from "./style.ts";
import type { SvgOptions } from "./svg_figure.ts";

/** Pixels that a row of panels takes, by what it holds. */
const CHART_ROW = 320;
const SQUARE_ROWS = [{ most: 2, height: 330 }, { most: 4, height: 240 }];
const LEAST_SQUARE_ROW = 170;
/** Above the first row: its titles. */
const TOP = 44;
/** Below the last: axes' titles and numbers, the legend, colour bars. */
const BOTTOM = { axes: 64, legend: 46, colours: 66 };

/** The same panels that an SVG shows, for Plotly. */
export function plotlyFigure(
  panels: readonly Panel[],
  { columns = defaultColumns(panels), urls = new Map() }: SvgOptions = {},
): PlotlyFigure {
  const names = seriesNames(panels);
  const scales = mapScales(panels);
  const places = layOut(panels, columns);
  const listed = new Set<string>();
  const parts = panels.map((panel, i) => {
    const part = panelOf(panel, i, { names, scales, urls, listed });
    seriesNames([panel]).forEach((name) => listed.add(name));
    return part;
  });
  return {
    data: parts.flatMap(({ traces }) => traces),
    layout: {
      ...LAYOUT,
      height: places.height,
      margin: {
        l: places.hasAxes ? 64 : 20,
        r: 20,
        t: TOP,
        b: places.bottom,
      },
      showlegend: names.length > 1,
      legend: {
        orientation: "h",
        x: 0,
        y: -(places.hasAxes ? BOTTOM.axes : 12) / places.plot,
        yanchor: "top",
      },
      ...axesOf(parts, places),
      ...colourAxes(
        scales,
        -(places.bottom - BOTTOM.colours) / places.plot,
      ),
      annotations: parts.flatMap(({ annotations = [] }, i) => [
        ...titleOf(panels[i], i),
        ...annotations,
      ]),
      shapes: parts.flatMap(({ shapes = [] }) => shapes),
      images: parts.flatMap(({ images = [] }) => images),
    },
    config: CONFIG,
  };
}

/** Plotly's own button to share a figure sends it to a server. */
const CONFIG: PlotlyPart = {
  responsive: true,
  displaylogo: false,
  showSendToCloud: false,
  plotlyServerURL: "",
  modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"],
};

const LAYOUT: PlotlyPart = {
  autosize: true,
  font: { family: FONT, size: 12, color: INK },
  paper_bgcolor: PAPER,
  plot_bgcolor: PAPER,
  barmode: "stack",
  bargap: 0.3,
  hoverlabel: { bgcolor: PAPER, font: { family: FONT, color: INK } },
  hovermode: "closest",
};

/** What a panel has to know of the figure. */
interface Context {
  readonly names: readonly string[];
  readonly scales: readonly MapScale[];
  readonly urls: ReadonlyMap<Picture, string>;
  /** Series that the legend has from panels before. */
  readonly listed: ReadonlySet<string>;
}

function panelOf(
  panel: Panel,
  index: number,
  { names, scales, urls, listed }: Context,
): PlotlyPanel {
  const fresh = new Set(seriesNames([panel])).difference(listed);
  switch (panel.kind) {
    case "chart":
      return plotlyChart(panel, names, index, fresh);
    case "bars":
      return plotlyBars(panel, names, index, fresh);
    case "map":
      return plotlyMap(
        panel,
        index,
        scales,
        panel.beneath && urls.get(panel.beneath),
      );
    case "picture":
      return plotlyPicture(panel, index, urls.get(panel.picture) ?? "");
  }
}

/** Where the panels lie, and pixels of the whole. */
interface Places {
  readonly height: number;
  readonly bottom: number;
  /** Height of the plots without what is above and below. */
  readonly plot: number;
  readonly hasAxes: boolean;
  readonly domains: readonly {
    readonly x: readonly [number, number];
    readonly y: readonly [number, number];
  }[];
}

function layOut(panels: readonly Panel[], columns: number): Places {
  const hasAxes = !panels.every(isSquare);
  const rows = Math.ceil(panels.length / columns);
  const square = SQUARE_ROWS.find(({ most }) => columns <= most)?.height ??
    LEAST_SQUARE_ROW;
  const row = hasAxes
    ? CHART_ROW
    : TOP + Math.round(highest(panels) * (square - TOP));
  const bottom = (hasAxes ? BOTTOM.axes : 12) +
    (seriesNames(panels).length > 1 ? BOTTOM.legend : 0) +
    (mapScales(panels).length > 0 ? BOTTOM.colours : 0);
  const plot = rows * row - (hasAxes ? BOTTOM.axes : 0) - TOP;
  // Between panels: axes' numbers and titles, and the title of the next.
  const gapX = columns === 1 ? 0 : hasAxes ? 0.22 / columns : 0.06 / columns;
  const gapY = rows === 1 ? 0 : (hasAxes ? BOTTOM.axes + TOP : 26) / plot;
  const wide = (1 - gapX * (columns - 1)) / columns;
  const high = (1 - gapY * (rows - 1)) / rows;
  const domains = panels.map((_, i) => {
    const left = (i % columns) * (wide + gapX);
    const top = 1 - Math.floor(i / columns) * (high + gapY);
    return {
      x: [left, Math.min(left + wide, 1)] as const,
      y: [Math.max(top - high, 0), top] as const,
    };
  });
  return { height: plot + TOP + bottom, bottom, plot, hasAxes, domains };
}

function axesOf(
  parts: readonly PlotlyPanel[],
  { domains }: Places,
): PlotlyPart {
  return Object.fromEntries(parts.flatMap(({ x, y }, i) => {
    const [across, down] = [axisName("x", i), axisName("y", i)];
    return [
      [axisKey(across), { ...x, domain: domains[i].x, anchor: down }],
      [axisKey(down), { ...y, domain: domains[i].y, anchor: across }],
    ];
  }));
}

/** The layout's key of an axis: xaxis2 for x2. */
function axisKey(name: string): string {
  return `${name[0]}axis${name.slice(1)}`;
}

/** A title above the left edge of a panel. */
function titleOf(panel: Panel, index: number): PlotlyPart[] {
  const { title } = panel;
  if (title === "") return [];
  return [{
    text: isSquare(panel)
      ? escapePlotly(title)
      : `<b>${escapePlotly(title)}</b>`,
    xref: `${axisName("x", index)} domain`,
    yref: `${axisName("y", index)} domain`,
    x: 0,
    y: 1,
    xanchor: "left",
    yanchor: "bottom",
    yshift: 4,
    showarrow: false,
    font: { size: isSquare(panel) ? 12 : 13 },
  }];
}
