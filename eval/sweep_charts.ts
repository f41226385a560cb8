/** What a sweep came to, in charts. */

import type { Chart, ChartPoint, ChartSeries } from "../lib/plot/panel.ts";
import { figureSvg } from "../lib/plot/svg_figure.ts";
import type { Column } from "./measure.ts";
import {
  REBUILT_SCENES,
  type SweepReport,
  type SweepRow,
} from "./sweep_report.ts";

/**
 * Quality and alignment against the steps, or against what was varied first,
 * and against each other, as one SVG file. The first column of each kind is
 * shown.
 */
export function sweepSvg(report: SweepReport): string {
  return figureSvg(sweepPanels(report));
}

/** The same charts as the panels of a figure. */
function sweepPanels(report: SweepReport): Chart[] {
  const fidelity = firstOf(report, "fidelity");
  const alignment = firstOf(report, "alignment");
  const both = [fidelity, alignment].filter((column) => column !== undefined);
  const charts = both.map((column) => againstAxis(report, column));
  if (fidelity && alignment) {
    charts.push(againstEachOther(report, fidelity, alignment));
  }
  return charts;
}

function firstOf({ columns }: SweepReport, shows: Column["shows"]) {
  return columns.find((column) => column.shows === shows);
}

/** The axis across: the steps if they were varied, else the first. */
function mainAxis({ axes }: SweepReport): number {
  return Math.max(0, axes.indexOf("steps"));
}

/** The values of an axis: as numbers, if all are, else as places of names. */
function placesOf({ rows }: SweepReport, axis: number) {
  const names = [...new Set(rows.map(({ values }) => values[axis]))];
  const isNumeric = names.every((name) => Number.isFinite(Number(name)));
  return {
    names: isNumeric ? undefined : names,
    place: (name: string) => isNumeric ? Number(name) : names.indexOf(name),
  };
}

/** Rows that differ in the main axis alone, each group by its name. */
function groupRows(report: SweepReport): Map<string, SweepRow[]> {
  const axis = mainAxis(report);
  const { place } = placesOf(report, axis);
  const groups = Map.groupBy(
    report.rows,
    ({ values }) =>
      report.axes.map((name, i) => `${name} ${values[i]}`)
        .toSpliced(axis, 1).join(", "),
  );
  for (const rows of groups.values()) {
    rows.sort((a, b) => place(a.values[axis]) - place(b.values[axis]));
  }
  return groups;
}

function againstAxis(report: SweepReport, column: Column): Chart {
  const axis = mainAxis(report);
  const title = report.axes[axis];
  const { names, place } = placesOf(report, axis);
  const point = ({ values, figures }: SweepRow): ChartPoint => ({
    x: place(values[axis]),
    y: figures[column.name].value,
    error: figures[column.name].error,
    label: values[axis],
  });
  return {
    kind: "chart",
    title: `${capital(column.shows)} against ${title}`,
    x: { title, names },
    y: { title: titleOf(column) },
    series: names ? apart(seriesOf(report, point)) : seriesOf(report, point),
    ...lineOf(report, column),
    draw: names ? "marks" : "both",
  };
}

function againstEachOther(
  report: SweepReport,
  fidelity: Column,
  alignment: Column,
): Chart {
  const axis = mainAxis(report);
  const point = ({ values, figures }: SweepRow): ChartPoint => ({
    x: figures[fidelity.name].value,
    y: figures[alignment.name].value,
    error: figures[alignment.name].error,
    label: values[axis],
  });
  return {
    kind: "chart",
    title: "Alignment against fidelity",
    x: { title: titleOf(fidelity) },
    y: { title: titleOf(alignment) },
    series: seriesOf(report, point),
    draw: placesOf(report, axis).names ? "marks" : "both",
    labels: true,
  };
}

function seriesOf(report: SweepReport, point: (row: SweepRow) => ChartPoint) {
  return [...groupRows(report)].map(([name, rows]) => ({
    name,
    points: rows.map(point),
  }));
}

/** Points of several series at the same places, moved off each other. */
function apart(series: readonly ChartSeries[]): ChartSeries[] {
  return series.map(({ name, points }, i) => {
    const by = 0.12 * (i - (series.length - 1) / 2);
    return { name, points: points.map((one) => ({ ...one, x: one.x + by })) };
  });
}

function titleOf({ title, unit }: Column): string {
  return unit === "" ? title : `${title} (${unit})`;
}

/** The line of the rebuilt scenes, if they were measured. */
function lineOf({ rebuilt }: SweepReport, { name }: Column) {
  return rebuilt
    ? { line: { y: rebuilt[name].value, name: REBUILT_SCENES } }
    : {};
}

function capital(word: string): string {
  return word[0].toUpperCase() + word.slice(1);
}
