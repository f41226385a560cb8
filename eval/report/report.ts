/** A run as one HTML file that needs nothing else, the network included. */

import { join } from "node:path";
import { writeRunFile } from "../run/files.ts";
import { dependsPart, leftOutPart } from "./depends_part.ts";
import { figuresPart } from "./figures_part.ts";
import { galleriesPart } from "./gallery.ts";
import { type Html, markup, raw, scriptJson } from "./html.ts";
import { SCRIPT, STYLE } from "./page.ts";
import { plotlyScript } from "./plotly_script.ts";
import { type PlotPart, plotParts } from "./plots_part.ts";
import type { PublishedTime } from "./published.ts";
import { nameOf, readReported, type ReportedRun } from "./read_report.ts";
import { readTimes } from "./read_times.ts";
import { tablesPart } from "./tables_part.ts";

/** The file in a run's folder. */
export const REPORT_FILE = "report.html";

/**
 * Writes `report.html` into the folder of a finished run: its figures, the
 * paper's tables with its row, pictures and plots.
 *
 * @param others folders of runs of other settings, whose FID and CLIP score are
 * drawn beside those of this one
 * @param times the file with the output of `bench throughput --json`, whose
 * times of the run's model are put into the paper's table
 * @returns the path of the file
 * @throws Error if one of the folders holds no finished run, or the file no
 * times of its model
 */
export async function writeReport(
  folder: string,
  others: readonly string[] = [],
  times?: string,
): Promise<string> {
  const run = await readReported(folder);
  const measured = times === undefined
    ? []
    : await readTimes(times, run.record);
  const compared: ReportedRun[] = [];
  for (const other of others) compared.push(await readReported(other));
  const path = join(folder, REPORT_FILE);
  await writeRunFile(path, await reportHtml(run, compared, measured));
  return path;
}

/** The text of the page. */
async function reportHtml(
  run: ReportedRun,
  others: readonly ReportedRun[],
  times: readonly PublishedTime[],
): Promise<string> {
  const plots = await plotParts(run, others);
  const title = `${run.record.protocol}: ${nameOf(run.record)}`;
  const page = markup`
    <!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy"
          content="default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>${title}</title>
        <style>${raw(STYLE)}</style>
      </head>
      <body>
        <header>
          <h1>${title}</h1>
          <p>${summary(run)}</p>
          ${navigation(run, plots)}
        </header>
        <main>
          ${figuresPart(run.figures)}
          ${plots.map(({ section }) => section)}
          ${tablesPart(run, times)}
          ${await galleriesPart(run)}
          ${dependsPart(run)}
          ${leftOutPart(run)}
          <footer>Made by Muselab from metrics.json and what lies beside it.</footer>
        </main>
        ${DIALOG}
        ${await scripts(plots)}
      </body>
    </html>
  `;
  return page.text.trimStart();
}

function summary({ record, samples }: ReportedRun): string {
  const { source, reference } = record;
  return [
    `${samples.length.toLocaleString("en")} pictures`,
    ...source.kind === "model" ? [`${source.width} × ${source.height}`] : [],
    ...reference ? [`against ${reference.name}`] : [],
  ].join(" · ");
}

function navigation(run: ReportedRun, plots: readonly PlotPart[]): Html {
  const places = [
    { id: "figures", name: "Figures" },
    ...plots.slice(0, 1).map(({ id }) => ({ id, name: "Plots" })),
    { id: "tables", name: "Published" },
    { id: "sample", name: "Pictures" },
    ...run.scores.length > 0
      ? [{ id: "best", name: "Best" }, { id: "worst", name: "Worst" }]
      : [],
    { id: "depends", name: "Depends on" },
  ];
  const links = places.map(({ id, name }) =>
    markup`<a href="#${id}">${name}</a> `
  );
  return markup`<nav aria-label="Parts">${links}</nav>`;
}

const DIALOG = markup`
  <dialog aria-label="Picture">
    <img alt="">
    <div><p></p><small></small></div>
    <form method="dialog">
      <button type="button" data-move="previous">Previous</button>
      <button type="button" data-move="next">Next</button>
      <button>Close</button>
    </form>
  </dialog>
`;

/** Plotly is in the page only where it draws something. */
async function scripts(plots: readonly PlotPart[]): Promise<Html> {
  const figures = Object.fromEntries(
    plots.map(({ id, plotly }) => [id, plotly]),
  );
  const plotly = plots.length > 0 ? raw(await plotlyScript()) : undefined;
  return markup`
    ${plotly && markup`<script>${plotly}</script>`}
    <script type="application/json" id="plots">${scriptJson(figures)}</script>
    <script>${raw(SCRIPT)}</script>
  `;
}
