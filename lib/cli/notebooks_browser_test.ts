/** `notebooks` as people see it: JupyterLab in a browser, with its plots. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { findChromium, type Page, withPage } from "../run/chromium.ts";
import { withFolder } from "../run/temp_folder.ts";
import { findLab } from "./jupyter_lab.ts";
import { withLab } from "./lab_server.ts";

const NAME = "05_decoding_schedules.ipynb";
const PATH = fileURLToPath(
  new URL(`../../notebooks/${NAME}`, import.meta.url),
);
/** Kinds of outputs of which one is a figure: a plot, or a picture. */
const FIGURES = ["application/vnd.plotly.v1+json", "image/png"];
/** Seconds for all cells; a busy machine takes minutes. */
const RUN_SECONDS = 900;
/** How often cells run again whose output JupyterLab has lost or doubled. */
const TRIES = 10;

const chromium = await findChromium();
const lab = chromium === undefined ? undefined : await findLab();
if (!lab?.plotly) {
  const lacks = chromium === undefined
    ? "there is no Chromium on the PATH, nor named by the variable CHROMIUM"
    : "there is no JupyterLab with Plotly; `deno task notebooks` installs one";
  console.warn(`The test of JupyterLab in a browser is skipped: ${lacks}.`);
}

/** What Plotly drew: titles, and how many lines and pictures they are of. */
const DRAWN = `[...document.querySelectorAll(".js-plotly-plot")].map((plot) => [
  plot.querySelector(".annotation-text")?.textContent,
  [...plot.querySelectorAll(".scatterlayer .js-line")].filter((line) =>
    line.getBBox().width > 100).length,
  plot.querySelectorAll("image").length,
])`;

/** Sheets of pictures, beside the plots. */
const SHEETS = `[...document.querySelectorAll(".jp-RenderedImage img")].filter(
  (one) => one.naturalWidth > 200)`;

/** By the small settings: of 4 steps, and of two pictures. */
const WANTED = [
  ["Schedules", 6, 0],
  ["Tokens kept by each of 4 steps", 3, 0],
  ["best guess", 0, 4],
  ["How undecided the network is", 2, 0],
  ["What the judge finds in 2 pictures", 2, 0],
  ["confidence: order", 0, 4],
  ["Guidance", 5, 0],
];

Deno.test({
  name: "notebooks opens JupyterLab, where notebook 05 runs and is drawn",
  ignore: !lab?.plotly,
  fn: () =>
    withFolder((folder) =>
      withLab(folder, (addressOf) =>
        withPage(chromium!, async (page) => {
          const before = await Deno.readTextFile(PATH);
          await page.resize(1300, 1000);
          await page.open(addressOf(NAME));
          await openNotebook(page);
          const outputs = await runCells(page, figureCells(before));
          const errors = outputs.flatMap(({ output_type, evalue }) =>
            output_type === "error" ? [evalue] : []
          );
          assert.deepEqual(errors, []);

          const wanted = JSON.stringify(WANTED);
          const same = `JSON.stringify(${DRAWN}) === ${JSON.stringify(wanted)}`;
          await page.until(same).catch(() => {}); // the next line says more
          assert.deepEqual(await page.evaluate(DRAWN), WANTED);

          // The sheets of pictures are there, and the film moves.
          await page.until(`${SHEETS}.length === 4`);
          const film = `[...document.querySelectorAll(".js-plotly-plot")][2]`;
          const frame = `${film}.querySelector(".slider-label").textContent`;
          const guess = `${film}.querySelector("image").href.baseVal`;
          assert.equal(await page.evaluate(frame), "step 4");
          const last = await page.evaluate<string>(guess);
          assert.match(last, /^data:image\/png/);
          await page.click(".slider-rail-touch-rect");
          await page.until(`/step [23]/.test(${frame})`);
          await page.until(`${guess} !== ${JSON.stringify(last)}`);

          const ofPlotly = page.faults.filter((one) => /plotly/i.test(one));
          assert.deepEqual(ofPlotly, []);
          assert.equal(await Deno.readTextFile(PATH), before);
        }))
    ),
});

/** A cell by its place, and how many figures it has stored. */
type FigureCell = readonly [place: number, figures: number];

/** The cells that have stored figures. */
function figureCells(text: string): FigureCell[] {
  const { cells }: { cells: { outputs?: { data?: object }[] }[] } = JSON.parse(
    text,
  );
  return cells.flatMap(({ outputs = [] }, i): FigureCell[] => {
    const figures = outputs.filter(({ data = {} }) =>
      FIGURES.some((kind) => kind in data)
    );
    return figures.length > 0 ? [[i, figures.length]] : [];
  });
}

/** Waits for the notebook and its kernel; what was stored is taken away. */
async function openNotebook(page: Page): Promise<void> {
  await page.until(
    `(() => {
      const widgets = window.jupyterapp?.shell.widgets("main") ?? [];
      window.panel = [...widgets].find(({ context }) => context?.isReady);
      return panel?.sessionContext.session?.kernel?.status === "idle";
    })()`,
    RUN_SECONDS,
  );
  await page.evaluate(`jupyterapp.shell.activateById(panel.id)`);
  await page.evaluate(`jupyterapp.commands.execute(
    "notebook:clear-all-cell-outputs").then(() => 0)`);
  await page.until(`document.querySelector(".js-plotly-plot") === null`);
}

interface ShownOutput {
  readonly output_type: string;
  readonly evalue?: string;
}

/**
 * Runs all cells; the outputs of all. Deno's kernel may say that it is done
 * before its last output, which JupyterLab then leaves out or, later, puts
 * beside that of the next run: cells that don't have their figures run again.
 */
async function runCells(
  page: Page,
  figures: readonly FigureCell[],
): Promise<ShownOutput[]> {
  const run = async (command: string) => {
    await page.evaluate(`(() => {
      window.ran = "";
      jupyterapp.commands.execute("notebook:${command}")
        .then(() => ran = "done", (error) => ran = String(error));
    })()`);
    await page.until(`ran !== ""`, RUN_SECONDS);
    assert.equal(await page.evaluate("ran"), "done");
  };
  await run("run-all-cells");
  const outputsOf = (cell: string) => `(${cell}.model.outputs?.toJSON() ?? [])`;
  const wrong = () =>
    page.evaluate<FigureCell[]>(`${JSON.stringify(figures)}
      .filter(([place, wanted]) =>
        wanted !== ${outputsOf("panel.content.widgets[place]")}
          .filter(({ data = {} }) =>
            ${JSON.stringify(FIGURES)}.some((kind) => kind in data)).length)`);
  for (let tries = 0; tries < TRIES; tries++) {
    for (const [place] of await wrong()) {
      await page.evaluate(`panel.content.activeCellIndex = ${place}`);
      await run("run-cell");
    }
  }
  return await page.evaluate(
    `panel.content.widgets.flatMap((cell) => ${outputsOf("cell")})
      .map(({ output_type, evalue }) => ({ output_type, evalue }))`,
  );
}
