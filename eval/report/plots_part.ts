/** The parts of a report that are plotted. */

import { type Figure, plot } from "../../lib/plot/figure.ts";
import type { BarChart, Chart } from "../../lib/plot/panel.ts";
import type { PlotlyFigure } from "../../lib/plot/plotly.ts";
import { tradeOffChart } from "../../lib/plot/run_charts.ts";
import { isAsked } from "./figures_part.ts";
import { type Html, markup, raw } from "./html.ts";
import { cosinesOf, fidOf, nameOf, type ReportedRun } from "./read_report.ts";
import { tableFor } from "./tables_part.ts";

/** A section with a figure: as SVG, which the page's script replaces. */
export interface PlotPart {
  readonly id: string;
  readonly section: Html;
  readonly plotly: PlotlyFigure;
}

/**
 * What there is to plot of a run.
 *
 * @param others runs of other settings, a sweep over guidance for one
 */
export async function plotParts(
  run: ReportedRun,
  others: readonly ReportedRun[],
): Promise<PlotPart[]> {
  const parts = [
    {
      id: "judged",
      title: "What the judge read",
      chart: judgedBars(run),
      about: "Shares of right answers: of this run's pictures, of real " +
        "scenes, and by chance.",
    },
    {
      id: "sweep",
      title: "Over settings",
      chart: sweepChart([run, ...others]),
      about: "To the left is better by FID, above is better by CLIP score: " +
        "the paper's Figure 8, over the settings of these runs.",
    },
    {
      id: "published",
      title: "FID and CLIP score",
      chart: publishedChart(run),
      about: "This run among the systems whose two figures are published. " +
        "What is said below the table holds here too.",
    },
  ];
  const drawn: PlotPart[] = [];
  for (const { id, title, chart, about } of parts) {
    if (!chart) continue;
    const figure = plot(chart);
    const section = await sectionOf(id, title, about, figure);
    drawn.push({ id, section, plotly: await figure.plotly() });
  }
  return drawn;
}

async function sectionOf(
  id: string,
  title: string,
  about: string,
  figure: Figure,
): Promise<Html> {
  return markup`
    <section id="${id}">
      <h2>${title}</h2>
      <p>${about}</p>
      <div class="plot" data-plot="${id}">${raw(await figure.svg())}</div>
    </section>
  `;
}

/** The judge's questions with chance and real scenes, if it was asked. */
function judgedBars({ figures }: ReportedRun): BarChart | undefined {
  const judged = figures.filter((figure) =>
    figure.metric === "judge" && isAsked(figure)
  );
  if (judged.length === 0) return undefined;
  const percent = (values: readonly (number | undefined)[]) =>
    values.map((value) => 100 * (value ?? 0));
  const series = [
    { name: "this run", values: judged.map(({ value }) => value) },
    { name: "real", values: judged.map(({ ofReference }) => ofReference) },
    { name: "by chance", values: judged.map(({ chance }) => chance) },
  ];
  return {
    kind: "bars",
    title: "",
    names: judged.map(({ title }) => title),
    value: { title: "right (%)" },
    series: series
      .filter(({ values }) => values.some((value) => value !== undefined))
      .map(({ name, values }) => ({ name, values: percent(values) })),
  };
}

/** FID against CLIP score of several runs, each named by what sets it apart. */
function sweepChart(runs: readonly ReportedRun[]): Chart | undefined {
  if (runs.length < 2) return undefined;
  const labels = labelsOf(runs.map(settingsOf));
  const points = runs.flatMap((run, i) => {
    const fid = run.figures.find(({ metric }) => metric === "fid");
    const [clip] = cosinesOf(run);
    return fid && clip
      ? [{ label: labels[i], x: fid.value, y: clip.cosine, fid, clip }]
      : [];
  });
  if (points.length < 2) return undefined;
  // The order of a sweep, if what sets the runs apart is a number.
  const number = (label: string) => Number(label.replace(/^.* /, ""));
  points.sort((a, b) => number(a.label) - number(b.label) || 0);
  const [{ fid, clip }] = points;
  return tradeOffChart(
    "",
    { x: fid.title, y: `${clip.title} (cosine)` },
    {
      [nameOf(runs[0].record)]: points.map(({ label, x, y }) => ({
        label,
        x,
        y,
      })),
    },
  );
}

function settingsOf({ record }: ReportedRun): Record<string, unknown> {
  const { source, settings, samples } = record;
  return {
    pictures: nameOf(record),
    ...settings,
    ...source.kind === "model" ? source.settings : {},
    samples: samples.count,
    seed: samples.seed,
  };
}

/** Of each run the settings that are not the same in all of them. */
function labelsOf(all: readonly Record<string, unknown>[]): string[] {
  const names = [...new Set(all.flatMap((one) => Object.keys(one)))];
  const varied = names.filter((name) =>
    new Set(all.map((one) => one[name])).size > 1
  );
  return all.map((one) =>
    varied.map((name) => `${name} ${one[name] ?? "not set"}`).join(", ")
  );
}

/** The published systems and this run, where both have both figures. */
function publishedChart(run: ReportedRun): Chart | undefined {
  const table = tableFor(run);
  const fid = fidOf(run);
  const clips = cosinesOf(run);
  if (!table || !fid || clips.length === 0) return undefined;
  const published = table.rows.flatMap(({ system, fid, clip }) =>
    clip === undefined ? [] : [{ x: fid, y: clip, label: system }]
  );
  const name = nameOf(run.record);
  return {
    kind: "chart",
    title: "",
    x: { title: "FID" },
    y: { title: "CLIP score (cosine)" },
    labels: true,
    series: [
      { name: "published", points: published },
      {
        name: "this run",
        points: clips.map(({ title, cosine }) => ({
          x: fid.value,
          y: cosine,
          label: clips.length === 1
            ? name
            : `${name}, ${title.replace(/^CLIP score, /, "")}`,
        })),
      },
    ],
  };
}
