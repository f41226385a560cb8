/** A drawing as one HTML file that needs nothing else, the network included. */

import { encodePng } from "../image/encode.ts";
import type { Picture } from "../image/picture.ts";
import {
  confidenceColour,
  type Grid,
  type Rgb,
  TOKEN_COLOURS,
} from "./token_maps.ts";
import {
  stepNumbers,
  type StepPictures,
  stepPictures,
  type Trace,
  type TraceStage,
  type TraceStep,
} from "./trace.ts";
import { TRACE_SCRIPT, TRACE_STYLE } from "./trace_page.ts";

/** What the page's script reads of a step. */
interface PageStep {
  /** Number of its stage, from 0. */
  readonly stage: number;
  /** Pictures as data URLs. */
  readonly pictures: Readonly<Record<keyof StepPictures, string>>;
  /** [N], for the line that describes the token under the pointer. */
  readonly predicted: readonly number[];
  /** [N], three digits after the point. */
  readonly confidence: readonly number[];
  /** [N], 1 where unknown. */
  readonly mask: readonly number[];
  /** [N], 1 where this step found a token. */
  readonly chosen: readonly number[];
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
  const { stages } = trace;
  const steps: PageStep[] = [];
  for (const [i, { grid, steps: own }] of stages.entries()) {
    for (const step of own) steps.push(await pageStep(step, i, grid));
  }
  const title = escapeHtml(trace.prompt);
  const counts = stages.map(({ steps }) => steps.length).join(" and ");
  const last = steps.length;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}: decode in ${counts} steps</title>
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
${stages.map((_, i) => stageHtml(stages, i)).join("\n")}
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
    JSON.stringify({ stages: stages.map(pageStage), steps }).replaceAll(
      "<",
      "\\u003c",
    )}</script>
<script>${TRACE_SCRIPT}</script>
</body>
</html>
`;
}

/** What the page's script reads of a stage. */
function pageStage({ name, grid, steps: { length } }: TraceStage) {
  return { name, grid, length };
}

async function pageStep(
  step: TraceStep,
  stage: number,
  grid: Grid,
): Promise<PageStep> {
  const pictures = stepPictures(step, grid);
  return {
    stage,
    pictures: {
      found: await dataUrl(pictures.found),
      guess: await dataUrl(pictures.guess),
      tokens: await dataUrl(pictures.tokens),
      confidence: await dataUrl(pictures.confidence),
    },
    predicted: [...step.predicted],
    confidence: Array.from(step.confidence, (p) => Math.round(p * 1000) / 1000),
    mask: [...step.mask],
    chosen: [...step.chosen],
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

/** The rows of a stage; a title above them where there are several. */
function stageHtml(stages: readonly TraceStage[], stage: number): string {
  const { name, grid, steps } = stages[stage];
  const before = stages.slice(0, stage)
    .reduce((sum, { steps }) => sum + steps.length, 0);
  const title = `${escapeHtml(name)}, ${grid.join(" x ")} tokens`;
  const rows = steps.map((step, i) => rowHtml(step, before + i + 1));
  if (stages.length > 1) {
    rows.unshift(
      `<tr><th class="stage" colspan="${COLUMNS.length}" scope="rowgroup">` +
        `${title}</th></tr>`,
    );
  }
  return `<tbody>\n${rows.join("\n")}\n</tbody>`;
}

/** @param place of the step among those of all stages, from 1 */
function rowHtml(step: TraceStep, place: number): string {
  const cells = COLUMNS.map(({ value }) => `<td>${value(step)}</td>`);
  return `<tr data-step="${place}">${cells.join("")}</tr>`;
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
