/** The parts of a report with the paper's tables, and this run's row in one. */

import { type Html, markup, raw } from "./html.ts";
import {
  type PublishedTime,
  QUALITY_TABLES,
  type QualityTable,
  TIME_TABLE,
} from "./published.ts";
import { cosinesOf, fidOf, nameOf, type ReportedRun } from "./read_report.ts";

/** A row of a table, of a system that is published or of this run. */
interface Row {
  readonly system: string;
  readonly about: string;
  readonly fid: number;
  /** CLIP scores, each by a network where it is known. */
  readonly clip: readonly { readonly score: string; readonly by?: string }[];
  readonly isOurs: boolean;
}

/**
 * The table of the run's protocol with its row, then the others.
 *
 * @param times measured of the run's model, for the table of times
 */
export function tablesPart(
  run: ReportedRun,
  times: readonly PublishedTime[] = [],
): Html {
  const own = tableFor(run);
  const others = QUALITY_TABLES.filter((table) => table !== own);
  return markup`
    <section id="tables">
    <h2>Among published figures</h2>
    ${
    own ? ownTable(own, run) : markup`
        <p>No row of this run is in the tables below: it has no FID of the
        pictures that they are about.</p>
      `
  }
    ${
    others.map((table) =>
      markup`
        <details>
        <summary>${table.title}</summary>
        ${tableOf(table, rowsOf(table))}
        </details>
      `
    )
  }
    <details${times.length > 0 ? raw(" open") : ""}>
    <summary>${TIME_TABLE.title}</summary>
    ${timeTable(times)}
    </details>
    </section>
  `;
}

/** The published table that a run has a row in, if it has. */
export function tableFor(run: ReportedRun): QualityTable | undefined {
  return QUALITY_TABLES.find(({ protocol }) =>
    protocol === run.record.protocol && fidOf(run) !== undefined
  );
}

function ownTable(table: QualityTable, run: ReportedRun): Html {
  const fid = fidOf(run)!;
  const ours: Row = {
    system: nameOf(run.record),
    about: "this run",
    fid: fid.value,
    clip: cosinesOf(run).map(({ title, cosine }) => ({
      score: cosine.toFixed(3),
      by: title.replace(/^CLIP score, /, ""),
    })),
    isOurs: true,
  };
  return markup`<h3>${table.title}</h3>
${
    tableOf(table, [...rowsOf(table), ours], [
      ...ownCaveats(table, run),
      ...table.caveats,
    ])
  }`;
}

function rowsOf({ rows }: QualityTable): Row[] {
  return rows.map(({ system, about, fid, clip }) => ({
    system,
    about,
    fid,
    clip: clip === undefined ? [] : [{ score: clip.toFixed(2) }],
    isOurs: false,
  }));
}

/** What of this run in particular keeps it from being compared. */
function ownCaveats(table: QualityTable, run: ReportedRun): string[] {
  const { samples, reference, convention } = fidOf(run)!;
  const { count } = samples;
  const { samples: wanted } = table;
  const against = reference
    ? `${reference.name}${
      reference.count === undefined
        ? ""
        : ` (${reference.count.toLocaleString("en")})`
    }`
    : "no reference of its own";
  const own = `This run's FID is of ${
    count?.toLocaleString("en") ?? "an unknown number of"
  } pictures against ${against}, computed as by ${convention}.`;
  if (!wanted || !count || count >= wanted) return [own];
  return [
    own,
    `The published figures are of ${wanted.toLocaleString("en")} pictures. ` +
    `FID rises as pictures get fewer, so that of this run is too high beside ` +
    `them; FID-infinity is not.`,
  ];
}

function tableOf(
  { source, caveats }: QualityTable,
  rows: readonly Row[],
  told: readonly string[] = caveats,
): Html {
  const sorted = [...rows].sort((a, b) => b.fid - a.fid);
  return markup`
    ${tablePart(["FID ↓", "CLIP ↑"], sorted.map(rowPart))}
    ${sourceAndCaveats(source, told)}
  `;
}

/** A table of systems: `heads` are those of what is said of each in numbers. */
function tablePart(heads: readonly string[], rows: readonly Html[]): Html {
  return markup`
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">system</th>
            ${
    heads.map((head) => markup`<th scope="col" class="number">${head}</th>`)
  }
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
  `;
}

function rowPart({ system, about, fid, clip, isOurs }: Row): Html {
  const scores = clip.map(({ score, by }) =>
    markup`<div>${score}${by && markup`<small>${by}</small>`}</div>`
  );
  return markup`
    <tr${rowMark(isOurs)}>
      <th scope="row">${system}<small>${about}</small></th>
      <td class="number">${fid.toFixed(2)}</td>
      <td class="number">${scores}</td>
    </tr>
  `;
}

function timeTable(times: readonly PublishedTime[]): Html {
  const { rows, source, caveats } = TIME_TABLE;
  const all = [
    ...rows.map((row) => ({ ...row, isOurs: false })),
    ...times.map((row) => ({ ...row, isOurs: true })),
  ].sort((a, b) => b.seconds - a.seconds);
  const told = times.length > 0
    ? "This run's own rows are medians of deno task bench throughput."
    : "A run does not measure time. With the output of deno task bench " +
      "throughput --json, eval report --times puts its rows here.";
  return markup`
    ${tablePart(["pixels", "seconds a batch"], all.map(timePart))}
    ${sourceAndCaveats(source, [...caveats, told])}
  `;
}

function timePart(
  { system, side, seconds, hardware, isOurs }: PublishedTime & {
    readonly isOurs: boolean;
  },
): Html {
  return markup`
    <tr${rowMark(isOurs)}>
      <th scope="row">${system}<small>${hardware}</small></th>
      <td class="number">${side} × ${side}</td>
      <td class="number">${Number(seconds.toPrecision(3))}</td>
    </tr>
  `;
}

/** Marks a row of this run's own. */
function rowMark(isOurs: boolean): Html | "" {
  return isOurs ? raw(' class="ours" aria-current="true"') : "";
}

function sourceAndCaveats(source: string, caveats: readonly string[]): Html {
  return markup`
    <p class="source">Published figures: the paper of Muse, arXiv 2301.00704, ${source}.</p>
    <ul class="caveats">
    ${caveats.map((caveat) => markup`<li>${caveat}</li>`)}</ul>
  `;
}
