/** A decode as one HTML file that needs nothing else, the network included. */

import { encodePng } from "../image/encode.ts";
import type { Picture } from "../image/picture.ts";
import { confidenceColour, type Rgb, TOKEN_COLOURS } from "./token_maps.ts";
import {
  stepNumbers,
  type StepPictures,
  stepPictures,
  type Trace,
  type TraceStep,
} from "./trace.ts";
import { TRACE_SCRIPT, TRACE_STYLE } from "./trace_page.ts";

/** What the page's script reads of a step. */
interface PageStep {
  /** Pictures as data URLs. */
  readonly pictures: Readonly<Record<keyof StepPictures, string>>;
  /** [N], for the line that describes the token under the pointer. */
  readonly predicted: readonly number[];
  /** [N], three digits after the point. */
  readonly confidence: readonly number[];
  /** [N], 1 where unknown. */
  readonly mask: readonly number[];
}

const PANELS: readonly {
  readonly name: keyof StepPictures;
  readonly title: string;
  readonly legend: string;
}[] = [
  {
    name: "found",
    title: "Found so far",
    legend: "The tokens known after this step.",
  },
  {
    name: "guess",
    title: "Best guess",
    legend: "With what the network predicts for the others.",
  },
  {
    name: "tokens",
    title: "Tokens",
    legend: swatch(TOKEN_COLOURS.known, "known") +
      swatch(TOKEN_COLOURS.found, "found now") +
      swatch(TOKEN_COLOURS.unknown, "unknown"),
  },
  {
    name: "confidence",
    title: "Confidence",
    legend: `0 <span class="ramp" style="background: linear-gradient(90deg, ${
      [0, 0.5, 1].map((p) => css(confidenceColour(p))).join(", ")
    })"></span> 1, probability of each token when it was predicted`,
  },
];

/** The whole page; it opens at the last step. */
export async function traceHtml(trace: Trace): Promise<string> {
  const steps: PageStep[] = [];
  for (const step of trace.steps) steps.push(await pageStep(step, trace));
  const title = escapeHtml(trace.prompt);
  const last = steps.length;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}: decode in ${last} steps</title>
<style>${TRACE_STYLE}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<div class="controls">
<button type="button" id="play">Play</button>
<input type="range" id="step" min="1" max="${last}" value="${last}" aria-label="Step">
<output id="place" for="step">step ${last} of ${last}</output>
</div>
<div class="panels">
${PANELS.map((panel) => panelHtml(panel, steps[last - 1])).join("\n")}
</div>
<p id="token">Point at a token to read its numbers.</p>
<table>
<caption>Space plays, arrow keys change the step, a click on a row goes to its step.</caption>
<thead>
<tr>${COLUMNS.map(({ head }) => `<th scope="col">${head}</th>`).join("")}</tr>
</thead>
<tbody>
${trace.steps.map(rowHtml).join("\n")}
</tbody>
</table>
<dl>
${
    Object.entries(trace.settings).map(([name, value]) =>
      `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`
    ).join("\n")
  }
</dl>
</main>
<script type="application/json" id="data">${
    // Within a script only this could end it.
    JSON.stringify({ grid: trace.grid, steps }).replaceAll(
      "<",
      "\\u003c",
    )}</script>
<script>${TRACE_SCRIPT}</script>
</body>
</html>
`;
}

async function pageStep(step: TraceStep, trace: Trace): Promise<PageStep> {
  const pictures = stepPictures(step, trace.grid);
  return {
    pictures: {
      found: await dataUrl(pictures.found),
      guess: await dataUrl(pictures.guess),
      tokens: await dataUrl(pictures.tokens),
      confidence: await dataUrl(pictures.confidence),
    },
    predicted: [...step.predicted],
    confidence: Array.from(step.confidence, (p) => Math.round(p * 1000) / 1000),
    mask: [...step.mask],
  };
}

async function dataUrl(picture: Picture): Promise<string> {
  return `data:image/png;base64,${(await encodePng(picture)).toBase64()}`;
}

function panelHtml(
  { name, title, legend }: typeof PANELS[number],
  { pictures }: PageStep,
): string {
  return `<figure>
<div class="frame"><img id="${name}" src="${pictures[name]}" alt="${title}">` +
    `<span class="cell" hidden></span></div>
<figcaption><b>${title}</b> ${legend}</figcaption>
</figure>`;
}

const COLUMNS: readonly {
  readonly head: string;
  readonly value: (step: TraceStep) => string;
}[] = [
  { head: "step", value: ({ step }) => String(step) },
  { head: "found", value: (step) => String(stepNumbers(step).found) },
  { head: "unknown", value: (step) => String(stepNumbers(step).unknown) },
  {
    head: "mean confidence",
    value: (step) => stepNumbers(step).meanConfidence.toFixed(3),
  },
  { head: "guidance", value: ({ guidance }) => guidance.toFixed(2) },
  {
    head: "noise",
    value: ({ choiceTemperature }) => choiceTemperature.toFixed(2),
  },
  { head: "ms", value: ({ seconds }) => (seconds * 1000).toFixed(0) },
];

function rowHtml(step: TraceStep): string {
  const cells = COLUMNS.map(({ value }) => `<td>${value(step)}</td>`);
  return `<tr data-step="${step.step}">${cells.join("")}</tr>`;
}

function swatch(colour: Rgb, label: string): string {
  return `<span class="swatch" style="background: ${css(colour)}"></span>` +
    `${label} `;
}

function css(rgb: Rgb): string {
  return `rgb(${rgb.join(" ")})`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
