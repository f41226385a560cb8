/** Figures as text, with what they depend on. */

import type {
  MetricFigure,
  SetRecord,
} from "../../eval/metrics/metric_figure.ts";

/** Figures of the same two sets. */
export function figuresText(figures: readonly MetricFigure[]): string {
  const reference = figures.find(({ reference }) => reference)?.reference;
  const width = Math.max(...figures.map(({ title }) => title.length));
  const notes = new Set(figures.flatMap(({ notes }) => notes));
  const origin = originText(figures[0].samples);
  return [
    `samples    ${setText(figures[0].samples)}`,
    ...(reference ? [`reference  ${setText(reference)}`] : []),
    ...(origin === undefined ? [] : [`features   ${origin}`]),
    "",
    ...figures.map((figure) => `  ${figureText(figure, width)}`),
    ...[...notes].map((note) => `\n${note}`),
  ].join("\n");
}

/** How many samples, and a hash of what the network says of them. */
function setText({ name, hash, count, width }: SetRecord): string {
  const size = count === undefined ? "" : `${count} samples, `;
  return `${name}: ${size}${width} numbers each, ${hash.slice(0, 12)}`;
}

/** Which network made the features, and of what, as far as it is known. */
export function originText(
  { network, weights, resize, precision }: Pick<
    SetRecord,
    "network" | "weights" | "resize" | "precision"
  >,
): string | undefined {
  if (network === undefined) return undefined;
  return [
    network,
    ...(weights === undefined ? [] : [`weights ${weights.slice(0, 12)}`]),
    ...(resize === undefined ? [] : [`resize ${resize}`]),
    ...(precision === undefined ? [] : [precision]),
  ].join(", ");
}

function figureText(
  { title, value, deviation, convention, settings }: MetricFigure,
  width: number,
): string {
  const digits = (x: number) => String(Number(x.toPrecision(7)));
  const figure = deviation === undefined
    ? digits(value)
    : `${digits(value)} ± ${digits(deviation)}`;
  const how = Object.entries(settings).map(([key, set]) => `${key} ${set}`);
  return `${title.padEnd(width)}  ${figure.padEnd(25)}  ` +
    [convention, ...how].join(", ");
}
