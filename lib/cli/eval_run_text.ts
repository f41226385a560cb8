/** The figures of a run as text. */

import type {
  RunFigure,
  RunMetrics,
  RunRecord,
} from "../../eval/run/record.ts";
import { RUN_FILES } from "../../eval/run/record.ts";
import { table } from "./table.ts";

/** What the figures depend on, the figures, and what to know of them. */
export function metricsText(
  record: RunRecord,
  { figures, leftOut }: RunMetrics,
): string {
  const notes = new Set(figures.flatMap(({ notes }) => notes));
  const left = leftOut === 0
    ? []
    : [`\n${leftOut} pictures could not be read: ${RUN_FILES.leftOut}`];
  return [
    ...headLines(record),
    "",
    ...table(
      [
        ["", "", "95% interval", "chance", "reference", ""],
        ...figures.map(figureRow),
      ],
    ),
    ...left,
    ...[...notes].map((note) => `\n${note}`),
  ].join("\n");
}

function headLines(
  { protocol, source, samples, reference, networks, settings }: RunRecord,
): string[] {
  const last = samples.seed + samples.count - 1;
  const choices = (of: Readonly<Record<string, unknown>>) =>
    Object.entries(of).map(([name, value]) => `${name} ${value}`).join(", ");
  const pictures = source.kind === "model"
    ? [
      `${source.name}, weights ${short(source.hash)}, ${source.precision}: ` +
      `${samples.count} pictures of ${source.width}x${source.height}, seeds ` +
      `${samples.seed} to ${last}`,
      choices(source.settings),
    ]
    : [`${source.path}, ${short(source.hash)}: ${samples.count} pictures`];
  return [
    ...pictures,
    `protocol ${protocol}: ${choices(settings)}; prompts ` +
    short(samples.hash),
    ...(reference
      ? [`compared with ${reference.name}, ${short(reference.hash)}`]
      : []),
    ...networks.map(({ name, hash, resize, prefix }) =>
      `${name} ${short(hash)}, ${resize}` +
      (prefix === undefined ? "" : `, captions after "${prefix.trim()}"`)
    ),
  ];
}

function short(hash: string): string {
  return hash.slice(0, 12);
}

function figureRow(
  { title, value, interval, chance, ofReference, ...figure }: RunFigure,
): string[] {
  const { deviation, convention } = figure;
  const number = (x: number) => String(Number(x.toPrecision(5)));
  return [
    title,
    deviation === undefined
      ? number(value)
      : `${number(value)} ± ${number(deviation)}`,
    interval ? `${number(interval.low)} to ${number(interval.high)}` : "",
    chance === undefined ? "" : number(chance),
    ofReference === undefined ? "" : number(ofReference),
    convention,
  ];
}
