/** Maps of tokens and pictures for Plotly. */

import type { Picture } from "../image/picture.ts";
import {
  type MapScale,
  mapScaleOf,
  type PicturePanel,
  sameScale,
  type TokenMap,
} from "./panel.ts";
import {
  axisName,
  type Json,
  type PlotlyPanel,
  type PlotlyPart,
  trimmed,
} from "./plotly.ts";
import { escapePlotly } from "./plotly_chart.ts";
import { css, paintOf } from "./style.ts";

const HIDDEN: PlotlyPart = {
  visible: false,
  fixedrange: true,
  constrain: "domain",
};

/** Pixels of a bar of colours. */
const BAR_LENGTH = 200;

/** Colours between which Plotly blends. */
const STOPS = 16;

/** A map as panel `index`; its colours are those of the scale among all. */
export function plotlyMap(
  map: TokenMap,
  index: number,
  scales: readonly MapScale[],
  url: string | undefined,
): PlotlyPanel {
  const { grid: [rows, columns], values, scale: { title } } = map;
  const place = scales.findIndex((one) => sameScale(one, mapScaleOf(map)));
  const z = Array.from(
    { length: rows },
    (_, row) =>
      Array.from(
        { length: columns },
        (_, column) => trimmed(values[row * columns + column]),
      ),
  );
  const states = "states" in map.scale ? map.scale.states : undefined;
  // Where an axis has names, Plotly tells those.
  const rowName = map.rows ? "%{y}" : "row %{y}";
  const columnName = map.columns ? "%{x}" : "column %{x}";
  const axes = squareAxes(index, rows, columns);
  return {
    traces: [{
      type: "heatmap",
      z,
      coloraxis: colourAxisName(place),
      ...states
        ? {
          text: z.map((row) =>
            row.map((state) =>
              escapePlotly(states[Math.round(state ?? 0)]?.name ?? "")
            )
          ),
        }
        : {},
      hovertemplate: `${rowName}, ${columnName}<br>${escapePlotly(title)}: ` +
        `${states ? "%{text}" : "%{z:.3~g}"}<extra></extra>`,
      xaxis: axisName("x", index),
      yaxis: axisName("y", index),
    }],
    x: { ...axes.x, ...namedAxis(map.columns) },
    y: { ...axes.y, ...namedAxis(map.rows) },
    ...url ? { images: [imageBelow(url, index, rows, columns)] } : {},
  };
}

/** A picture as panel `index`. */
export function plotlyPicture(
  { picture }: PicturePanel,
  index: number,
  url: string,
): PlotlyPanel {
  const { width, height } = picture;
  return {
    traces: [{
      type: "image",
      source: url,
      hoverinfo: "skip",
      xaxis: axisName("x", index),
      yaxis: axisName("y", index),
    }],
    ...squareAxes(index, height, width),
  };
}

/** Axes without marks, down and across in the same measure. */
function squareAxes(index: number, rows: number, columns: number) {
  return {
    x: { ...HIDDEN, range: [-0.5, columns - 0.5] },
    y: {
      ...HIDDEN,
      range: [rows - 0.5, -0.5],
      scaleanchor: axisName("x", index),
    },
  };
}

/** An axis with a name at each place, if there are some. */
function namedAxis(names: readonly string[] | undefined): PlotlyPart {
  if (!names) return {};
  return {
    visible: true,
    showgrid: false,
    zeroline: false,
    ticks: "",
    tickvals: names.map((_, i) => i),
    ticktext: names.map(escapePlotly),
    automargin: true,
  };
}

function imageBelow(
  url: string,
  index: number,
  rows: number,
  columns: number,
): PlotlyPart {
  return {
    source: url,
    xref: axisName("x", index),
    yref: axisName("y", index),
    x: -0.5,
    y: -0.5,
    sizex: columns,
    sizey: rows,
    sizing: "stretch",
    layer: "below",
  };
}

/** The layout's colour axes, with their bars side by side below the panels. */
export function colourAxes(
  scales: readonly MapScale[],
  below: number,
): PlotlyPart {
  return Object.fromEntries(
    scales.map((scale, i) => [
      colourAxisName(i),
      colourAxis(scale, i, scales.length, below),
    ]),
  );
}

function colourAxisName(index: number): string {
  return index === 0 ? "coloraxis" : `coloraxis${index + 1}`;
}

function colourAxis(
  one: MapScale,
  index: number,
  count: number,
  below: number,
): PlotlyPart {
  const { scale } = one;
  const bar = {
    orientation: "h",
    title: { text: escapePlotly(scale.title), side: "top", font: { size: 12 } },
    thickness: 9,
    outlinewidth: 0,
    lenmode: "pixels",
    len: BAR_LENGTH,
    x: (index + 0.5) / count,
    xanchor: "center",
    y: below,
    yanchor: "top",
  };
  if (!("states" in scale)) {
    const { from, to } = scale;
    return {
      cmin: from,
      cmax: to,
      colorscale: stops(one, from, to),
      colorbar: { ...bar, nticks: 5 },
    };
  }
  const names = scale.states.map(({ name }) => name);
  const most = names.length - 0.5;
  return {
    cmin: -0.5,
    cmax: most,
    // Each colour from edge to edge of its state.
    colorscale: names.flatMap((_, i): Json[] => {
      const colour = css(paintOf(one, i));
      return [[i / names.length, colour], [(i + 1) / names.length, colour]];
    }),
    colorbar: {
      ...bar,
      tickvals: names.map((_, i) => i),
      ticktext: names.map(escapePlotly),
    },
  };
}

function stops(scale: MapScale, from: number, to: number): Json {
  return Array.from({ length: STOPS + 1 }, (_, i) => {
    const share = i / STOPS;
    return [share, css(paintOf(scale, from + share * (to - from)))];
  });
}

/** The pictures of a panel, which need an URL. */
export function picturesIn(
  panel: { readonly kind: string } | TokenMap | PicturePanel,
): Picture[] {
  if ("picture" in panel) return [panel.picture];
  return "beneath" in panel && panel.beneath ? [panel.beneath] : [];
}
