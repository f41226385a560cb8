/** The part of a report with the numbers and what they depend on. */

import type { RunFigure } from "../run/record.ts";
import { type Html, markup } from "./html.ts";

/** Cards, one a figure. */
export function figuresPart(figures: readonly RunFigure[]): Html {
  return markup`
    <section id="figures">
      <h2>Figures</h2>
      <div class="cards">
    ${figures.map(cardOf)}
      </div>
    </section>
  `;
}

function cardOf(figure: RunFigure): Html {
  const { title, convention, samples, reference, settings } = figure;
  const count = samples.count &&
    `${samples.count.toLocaleString("en")} pictures`;
  const set = (one: RunFigure["samples"]) =>
    markup`${
      one.count === undefined ? "" : `${one.count.toLocaleString("en")} of `
    }${one.name} <span class="hash">${one.hash.slice(0, 12)}</span>`;
  return markup`
    <article class="card">
      <h3>${title}</h3>
      ${isAsked(figure) ? valuePart(figure) : NOT_ASKED}
      <details>
        <summary>${[count, convention].filter(Boolean).join(", ")}</summary>
        <dl>
          ${entry("pictures", set(samples))}
          ${reference && entry("against", set(reference))}
          ${entry("in the way of", convention)}
          ${
    Object.entries(settings).map(([name, set]) => entry(name, `${set}`))
  }
        </dl>
      </details>
      ${figure.notes.map((note) => markup`<p class="note">${note}</p>`)}
    </article>
  `;
}

/** Whether the judge had anything to answer, where it is the judge's. */
export function isAsked({ metric, settings }: RunFigure): boolean {
  return metric !== "judge" || settings.answers !== 0;
}

const NOT_ASKED = markup`<p class="besides">no caption asks for it</p>`;

function valuePart(figure: RunFigure): Html {
  return markup`
    <p class="value">${writer(figure)(figure.value)}${spread(figure)}</p>
    ${besides(figure)}
  `;
}

/** How far off the value may be. */
function spread(figure: RunFigure): Html | undefined {
  const { error, deviation, interval } = figure;
  const write = writer(figure);
  if (interval) {
    return markup`
      <small title="95% confidence">${write(interval.low)} to ${
      write(
        interval.high,
      )
    }</small>
    `;
  }
  if (error !== undefined) {
    return markup`
      <small title="standard error">± ${write(error)}</small>
    `;
  }
  return deviation === undefined ? undefined : markup`
    <small title="standard deviation over subsets">± ${write(deviation)}</small>
  `;
}

function besides(figure: RunFigure): Html | undefined {
  const { chance, ofReference } = figure;
  const write = writer(figure);
  const told = [
    ...ofReference === undefined ? [] : [`reference ${write(ofReference)}`],
    ...chance === undefined ? [] : [`by chance ${write(chance)}`],
  ];
  return told.length === 0
    ? undefined
    : markup`<p class="besides">${told.join(" · ")}</p>`;
}

/** One thing that a figure depends on. */
export function entry(name: string, value: string | Html): Html {
  return markup`
    <div><dt>${name}</dt><dd>${value}</dd></div>
  `;
}

/** How the numbers of a figure are written: the judge's are shares. */
function writer({ metric }: RunFigure): (value: number) => string {
  return metric === "judge"
    ? (value) => `${(100 * value).toFixed(1)}%`
    : figureText;
}

/** A number as people read it: four digits, and no fewer before the point. */
function figureText(value: number): string {
  return Math.abs(value) >= 1000
    ? value.toFixed(0)
    : String(Number(value.toPrecision(4)));
}
