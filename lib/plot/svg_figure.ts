/** Figures as SVG, which needs nothing to be looked at. */

import type { Picture } from "../image/picture.ts";
import {
  defaultColumns,
  highest,
  isSquare,
  mapScales,
  type Panel,
  seriesNames,
} from "./panel.ts";
import { FONT, INK, PAPER } from "./style.ts";
import { barsSvg } from "./svg_bars.ts";
import { ASLANT, CHART_SIZE, chartSvg, isAslant } from "./svg_chart.ts";
import {
  MAP_TITLE,
  mapSvg,
  namesSize,
  pictureSvg,
  scaleSvg,
} from "./svg_map.ts";
import { mark, text } from "./svg.ts";

/** How a figure is laid out and what its pictures are. */
export interface SvgOptions {
  /** Panels in a row. */
  readonly columns?: number;
  /** Data URLs of the pictures in it. */
  readonly urls?: ReadonlyMap<Picture, string>;
}

const MARGIN = 12;
const LINE = 20;
/** Width of an entry of the legend. */
const ENTRY = 220;
/** Sides of maps, in rows of up to so many. */
const SIDES = [{ most: 2, side: 300 }, { most: 4, side: 200 }];
const LEAST_SIDE = 132;
/** Width of one map alone that is twice as wide as high, or wider. */
const WIDE = 440;

/**
 * Panels in rows, with one legend below.
 *
 * @returns the text of an SVG file
 */
export function figureSvg(
  panels: readonly Panel[],
  { columns = defaultColumns(panels), urls = new Map() }: SvgOptions = {},
): string {
  const names = seriesNames(panels);
  const cell = cellOf(panels, columns);
  const rows = Math.ceil(panels.length / columns);
  const scales = mapScales(panels).map(scaleSvg);
  const width = Math.max(
    columns * cell.width + (cell.isSquare ? MARGIN : 0),
    ...scales.map((scale) => scale.width + MARGIN),
  );
  const drawn = panels.map((panel, i) => {
    const x = (i % columns) * cell.width;
    const y = Math.floor(i / columns) * cell.height;
    return `<g transform="translate(${x} ${y})">${
      panelSvg(panel, names, cell, urls)
    }</g>`;
  });
  const legend = legendSvg(names, scales, width);
  const top = rows * cell.height + (cell.isSquare ? MARGIN : 0);
  const height = top + legend.height;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" ` +
    `height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `style="max-width:100%;height:auto" ` +
    `font-family="${FONT}" font-size="12" ` +
    `fill="${INK}"><rect width="100%" height="100%" fill="${PAPER}"/>\n` +
    `${drawn.join("\n")}\n` +
    `<g transform="translate(0 ${top})">${legend.svg}</g>\n</svg>\n`;
}

/** What a panel takes: a square if all do, else as much as a chart. */
interface Cell {
  readonly width: number;
  readonly height: number;
  /** Of a map or a picture. */
  readonly side: number;
  /** To the left of maps: the names of their rows. */
  readonly left: number;
  readonly isSquare: boolean;
}

function cellOf(panels: readonly Panel[], columns: number): Cell {
  const names = panels.map((panel) =>
    panel.kind === "map" ? namesSize(panel) : { left: 0, below: 0 }
  );
  const left = Math.max(...names.map((one) => one.left));
  const below = Math.max(...names.map((one) => one.below));
  if (!panels.every(isSquare)) {
    const aslant = panels.some((one) =>
      one.kind === "chart" && isAslant(one.x.names)
    );
    const height = CHART_SIZE.height + (aslant ? ASLANT : 0);
    const room = CHART_SIZE.height - MAP_TITLE - 4 * MARGIN - below;
    const side = Math.min(room, CHART_SIZE.width - 5 * MARGIN - left);
    return { width: CHART_SIZE.width, height, side, left, isSquare: false };
  }
  const high = highest(panels);
  const side = columns === 1 && high <= 0.5
    ? WIDE
    : SIDES.find(({ most }) => columns <= most)?.side ?? LEAST_SIDE;
  return {
    width: left + side + MARGIN,
    height: Math.ceil(high * side) + below + MAP_TITLE + 4,
    side,
    left,
    isSquare: true,
  };
}

function panelSvg(
  panel: Panel,
  names: readonly string[],
  { side, left, isSquare }: Cell,
  urls: ReadonlyMap<Picture, string>,
): string {
  const [x, y] = isSquare ? [MARGIN + left, 4] : [4 * MARGIN + left, MARGIN];
  const placed = (svg: string) =>
    `<g transform="translate(${x} ${y})">${svg}</g>`;
  switch (panel.kind) {
    case "chart":
      return chartSvg(panel, names);
    case "bars":
      return barsSvg(panel, names);
    case "map":
      return placed(
        mapSvg(panel, side, panel.beneath && urls.get(panel.beneath)),
      );
    case "picture":
      return placed(pictureSvg(panel, side, urls.get(panel.picture) ?? ""));
  }
}

/** The names of series, then the scales of maps. */
function legendSvg(
  names: readonly string[],
  scales: readonly { readonly svg: string; readonly width: number }[],
  width: number,
): { svg: string; height: number } {
  const shown = names.length > 1 ? names : [];
  const columns = Math.max(1, Math.floor(width / ENTRY));
  const entries = shown.map((name, i) => {
    const x = 24 + (i % columns) * (width / columns);
    const y = 10 + Math.floor(i / columns) * LINE;
    return mark(i, x, y) + text(x + 10, y + 4, name);
  });
  let y = Math.ceil(shown.length / columns) * LINE + 6;
  let x = MARGIN;
  const placed = scales.map(({ svg, width: wide }) => {
    if (x > MARGIN && x + wide > width) {
      x = MARGIN;
      y += LINE;
    }
    const at = `translate(${x} ${y})`;
    x += wide;
    return `<g transform="${at}">${svg}</g>`;
  });
  const below = scales.length > 0 ? y + LINE : y;
  return {
    svg: [...entries, ...placed].join(""),
    height: shown.length + scales.length === 0 ? 0 : below + 4,
  };
}
