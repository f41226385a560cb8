/** The parts of a report with what determines a run, and what it lacks. */

import { entry } from "./figures_part.ts";
import { type Html, markup } from "./html.ts";
import { nameOf, type ReportedRun } from "./read_report.ts";

/** Names of what couldn't be used that a page lists. */
const LISTED = 50;

/** Everything in `run.json`. */
export function dependsPart({ record }: ReportedRun): Html {
  const { source, samples, reference, settings, networks, versions } = record;
  const choices = source.kind === "model"
    ? {
      "picture": `${source.width} × ${source.height}`,
      "precision": source.precision,
      ...source.settings,
    }
    : {};
  return markup`
    <section id="depends">
      <h2>What the figures depend on</h2>
      <dl class="wide">
    ${entry("protocol", record.protocol)}
    ${entry("pictures by", hashed(nameOf(record), source.hash))}
    ${Object.entries(choices).map(([name, set]) => entry(name, `${set}`))}
    ${
    entry(
      "samples",
      hashed(`${samples.count}, seeds from ${samples.seed}`, samples.hash),
    )
  }
    ${
    reference &&
    entry(
      "reference",
      hashed(
        reference.count === undefined
          ? reference.name
          : `${reference.name}, ${reference.count}`,
        reference.hash,
      ),
    )
  }
    ${Object.entries(settings).map(([name, set]) => entry(name, `${set}`))}
    ${
    networks.map(({ name, hash, resize, prefix }) => {
      const before = prefix === undefined
        ? ""
        : `, captions after "${prefix.trim()}"`;
      const text = `${name}, resized as by ${resize}${before}`;
      return entry("network", hashed(text, hash));
    })
  }
    ${Object.entries(versions).map(([name, version]) => entry(name, version))}
      </dl>
    </section>
  `;
}

function hashed(text: string, hash: string): Html {
  return markup`${text} <span class="hash">${hash}</span>`;
}

/** What couldn't be used, by name; nothing if all could. */
export function leftOutPart({ leftOut }: ReportedRun): Html | undefined {
  if (leftOut.length === 0) return undefined;
  const more = leftOut.length - LISTED;
  return markup`
    <section id="left-out">
      <h2>Left out</h2>
      <p>${leftOut.length.toLocaleString("en")} pictures could not be used.</p>
      <ul>
    ${
    leftOut.slice(0, LISTED).map(({ name, reason }) =>
      markup`<li><b>${name}</b>: ${reason}</li>`
    )
  }${more > 0 ? markup`<li>and ${more.toLocaleString("en")} more</li>` : ""}
      </ul>
    </section>
  `;
}
