/** Figures: what notebooks draw and reports hold. */

import { encodePng } from "../image/encode.ts";
import type { Picture } from "../image/picture.ts";
import type { Panel } from "./panel.ts";
import type { PlotlyFigure } from "./plotly.ts";
import { plotlyFigure } from "./plotly_figure.ts";
import { picturesIn } from "./plotly_map.ts";
import { figureSvg } from "./svg_figure.ts";

/** The types of content that a figure has, with the content. */
export interface FigureBundle {
  /** For JupyterLab with Plotly's renderer, Visual Studio Code, the web. */
  readonly "application/vnd.plotly.v1+json": PlotlyFigure;
  /** For what runs no scripts: GitHub, other programs, print. */
  readonly "image/svg+xml": string;
  /** For what draws nothing. */
  readonly "text/plain": string;
}

/** A figure: a Deno notebook draws it when it is the last value of a cell. */
export interface Figure {
  /** Under `Symbol.for("Jupyter.display")`: all its content. */
  readonly [display: symbol]: () => Promise<FigureBundle>;
  /** The text of an SVG file. */
  svg(): Promise<string>;
  /** What `Plotly.newPlot` takes. */
  plotly(): Promise<PlotlyFigure>;
}

/** Options of {@linkcode plot}. */
export interface PlotOptions {
  /** Panels in a row: 3 at most by default, 6 of maps and pictures. */
  readonly columns?: number;
}

/**
 * Draws a panel, or several as one figure: charts, bars, maps of tokens and
 * pictures, which are plain records.
 *
 * ```ts
 * import { plot } from "muselab";
 *
 * plot({
 *   kind: "chart",
 *   title: "Loss",
 *   x: { title: "step" },
 *   y: { title: "loss (nats a token)" },
 *   draw: "lines",
 *   series: [{ name: "base", points: [{ x: 0, y: 7.6 }, { x: 1, y: 7.1 }] }],
 * });
 * ```
 *
 * @throws RangeError if there is no panel, or one holds no values
 */
export function plot(
  panels: Panel | readonly Panel[],
  options: PlotOptions = {},
): Figure {
  const list = "kind" in panels ? [panels] : panels;
  checkPanels(list);
  const svg = async () =>
    figureSvg(list, { ...options, urls: await pictureUrls(list) });
  const plotly = async () =>
    plotlyFigure(list, { ...options, urls: await pictureUrls(list) });
  return { ...displayed({ svg, plotly }, titlesOf(list)), svg, plotly };
}

/** What a notebook is given of a figure. */
export function displayed(
  { svg, plotly }: Pick<Figure, "svg" | "plotly">,
  text: string,
): Readonly<Record<symbol, () => Promise<FigureBundle>>> {
  return {
    [Symbol.for("Jupyter.display")]: async () => ({
      "application/vnd.plotly.v1+json": await plotly(),
      "image/svg+xml": await svg(),
      "text/plain": text,
    }),
  };
}

/** For programs that draw nothing. */
export function titlesOf(panels: readonly Panel[]): string {
  const titles = panels.map(({ title }) => title).filter(Boolean);
  return `[figure] ${titles.join("; ")}`.trimEnd();
}

/** Data URLs of all pictures in panels. */
export async function pictureUrls(
  panels: readonly Panel[],
): Promise<Map<Picture, string>> {
  const urls = new Map<Picture, string>();
  for (const picture of panels.flatMap(picturesIn)) {
    if (urls.has(picture)) continue;
    const png = (await encodePng(picture)).toBase64();
    urls.set(picture, `data:image/png;base64,${png}`);
  }
  return urls;
}

/** Refuses what can't be drawn, before anything is. */
export function checkPanels(panels: readonly Panel[]): void {
  if (panels.length === 0) {
    throw new RangeError("Cannot draw a figure: found no panels, wanted one");
  }
  for (const panel of panels) {
    const fault = faultOf(panel);
    if (fault) {
      throw new RangeError(`Cannot draw "${panel.title}": ${fault}`);
    }
  }
}

function namesFault(
  what: string,
  { length }: readonly string[],
  wanted: number,
): string | undefined {
  return length === 0 || length === wanted
    ? undefined
    : `found ${length} names of ${what}, wanted ${wanted}`;
}

function faultOf(panel: Panel): string | undefined {
  if (panel.kind === "map") {
    const [rows, columns] = panel.grid;
    const { length } = panel.values;
    if (length !== rows * columns) {
      return `found ${length} values, wanted ${rows}x${columns}`;
    }
    return namesFault("rows", panel.rows ?? [], rows) ??
      namesFault("columns", panel.columns ?? [], columns);
  }
  if (panel.kind === "bars") {
    const odd = panel.series.find(({ values }) =>
      values.length !== panel.names.length
    );
    return odd && `found ${odd.values.length} values of "${odd.name}", ` +
        `wanted one for each of ${panel.names.length} names`;
  }
  if (panel.kind === "chart") {
    const below = (axis: "x" | "y") =>
      panel[axis].log &&
      panel.series.some(({ points }) => points.some((one) => one[axis] <= 0));
    return below("x") || below("y")
      ? "found a number that isn't above 0 on a logarithmic axis, wanted " +
        "such numbers alone"
      : undefined;
  }
  return undefined;
}
