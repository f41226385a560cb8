/**
 * What a figure is described by: panels of plain records. From one description
 * come an SVG, which every program draws, and a Plotly figure, which answers
 * the pointer.
 */

import type { Picture } from "../image/picture.ts";
import type { Grid, Rgb } from "./token_maps.ts";

/** A point, with a bar of its error above and below. */
export interface ChartPoint {
  /** Of the unit of the axis; a place of names. */
  readonly x: number;
  /** What isn't finite is a gap. */
  readonly y: number;
  /** Half of the bar: a standard error, for one. */
  readonly error?: number;
  /** What is told of it under the pointer, and beside it if asked for. */
  readonly label?: string;
}

/** Points of one colour: that of the name, in all panels of a figure. */
export interface ChartSeries {
  /** Shown in the legend, if there are several. */
  readonly name: string;
  /** In the order in which a line goes through them. */
  readonly points: readonly ChartPoint[];
  /** Drawn as a thin, pale line: what another series smooths, for one. */
  readonly faint?: boolean;
}

/** An axis: numbers, or names at 0, 1, 2 and so on. */
export interface ChartAxis {
  /** What it measures, with the unit. */
  readonly title: string;
  /** In place of numbers. */
  readonly names?: readonly string[];
  /** Powers of ten at equal distances; all numbers are above 0 then. */
  readonly log?: boolean;
}

/** Points and lines between two axes. */
export interface Chart {
  /** What panel it is. */
  readonly kind: "chart";
  /** Above it. */
  readonly title: string;
  /** Across. */
  readonly x: ChartAxis;
  /** Upward. */
  readonly y: ChartAxis;
  /** One colour each. */
  readonly series: readonly ChartSeries[];
  /** A value of y to compare with, drawn across. */
  readonly line?: { readonly y: number; readonly name: string };
  /** Marks, lines from point to point in their order, or both; else marks. */
  readonly draw?: "marks" | "lines" | "both";
  /** Whether labels are written beside the points. */
  readonly labels?: boolean;
  /**
   * Whether a unit is as long upward as across, so that a circle is round; both
   * axes are of plain numbers then.
   */
  readonly equal?: boolean;
}

/** Values of one colour, one for each name of the bars. */
export interface BarSeries {
  /** Shown in the legend, if there are several. */
  readonly name: string;
  /** As many as the chart has names; not below 0. */
  readonly values: readonly number[];
}

/** Bars to the right of names. */
export interface BarChart {
  /** What panel it is. */
  readonly kind: "bars";
  /** Above it. */
  readonly title: string;
  /** From above to below. */
  readonly names: readonly string[];
  /** What the bars measure, with the unit. */
  readonly value: { readonly title: string };
  /** One colour each. */
  readonly series: readonly BarSeries[];
  /** Whether the series are parts of a whole: end to end, not below another. */
  readonly stacked?: boolean;
}

/** What the colours of a map stand for: numbers between two. */
export interface ValueScale {
  /** What is measured, with the unit. */
  readonly title: string;
  /** This value and less: the palest colour. */
  readonly from: number;
  /** This value and more: the darkest colour. */
  readonly to: number;
}

/** What the colours of a map stand for: value i is state i. */
export interface StateScale {
  /** What the states are of. */
  readonly title: string;
  /** In the order of their values. */
  readonly states: readonly { readonly name: string; readonly colour: Rgb }[];
}

/** Values of tokens where they lie, or any table of numbers, as colours. */
export interface TokenMap {
  /** What panel it is. */
  readonly kind: "map";
  /** Above it. */
  readonly title: string;
  /** [N], row by row. */
  readonly values: ArrayLike<number>;
  /** Tokens down and across. */
  readonly grid: Grid;
  /** What the colours mean; equal ones are told once. */
  readonly scale: ValueScale | StateScale;
  /** Written to the left of the rows: what a table is of. */
  readonly rows?: readonly string[];
  /** Written below the columns; short. */
  readonly columns?: readonly string[];
  /** Lies beneath, and the darker the less the value: attention, for one. */
  readonly beneath?: Picture;
}

/** A picture as it is. */
export interface PicturePanel {
  /** What panel it is. */
  readonly kind: "picture";
  /** Above it. */
  readonly title: string;
  /** Drawn with square pixels, however large. */
  readonly picture: Picture;
}

/** One panel of a figure. */
export type Panel = Chart | BarChart | TokenMap | PicturePanel;

/** The names of all series of a figure, each once: its legend. */
export function seriesNames(panels: readonly Panel[]): string[] {
  const names = panels.flatMap((panel) =>
    "series" in panel ? panel.series.map(({ name }) => name) : []
  );
  return [...new Set(names)];
}

/** The scales of all maps of a figure, each once. */
export function mapScales(panels: readonly Panel[]): MapScale[] {
  const scales: MapScale[] = [];
  for (const panel of panels) {
    if (panel.kind !== "map") continue;
    const scale = mapScaleOf(panel);
    if (!scales.some((one) => sameScale(one, scale))) scales.push(scale);
  }
  return scales;
}

/** A map's scale, and whether it is a veil over a picture. */
export interface MapScale {
  readonly scale: ValueScale | StateScale;
  readonly isVeil: boolean;
}

/** The scale of one map. */
export function mapScaleOf({ scale, beneath }: TokenMap): MapScale {
  return { scale, isVeil: beneath !== undefined };
}

/** Whether two scales are one. */
export function sameScale(a: MapScale, b: MapScale): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Whether a panel has its own form, and no axes of numbers. */
export function isSquare(panel: Panel): panel is TokenMap | PicturePanel {
  return panel.kind === "map" || panel.kind === "picture";
}

/** How high a map or a picture is for its width. */
function heightToWidth(panel: TokenMap | PicturePanel): number {
  if (panel.kind === "picture") {
    return panel.picture.height / panel.picture.width;
  }
  const [rows, columns] = panel.grid;
  return rows / columns;
}

/**
 * The height of the highest panel in sides of a square: 1, or less if all are
 * maps or pictures that are wider than high.
 */
export function highest(panels: readonly Panel[]): number {
  return panels.reduce(
    (most, panel) =>
      isSquare(panel) ? Math.max(most, Math.min(1, heightToWidth(panel))) : 1,
    0,
  );
}

/** How many panels stand in a row where nobody says. */
export function defaultColumns(panels: readonly Panel[]): number {
  return Math.min(panels.length, panels.every(isSquare) ? 6 : 3);
}
