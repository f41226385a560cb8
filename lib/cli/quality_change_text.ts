/** How far the figures of a model move in another precision, as text. */

import {
  type Keeps,
  keepsPoints,
  MOST_POINTS,
  type QualityChange,
} from "../../eval/quality_change.ts";
import { table } from "./table.ts";

/** A row for each figure, below a heading; what the judge says at the end. */
export function changesText(
  precision: string,
  changes: readonly QualityChange[],
): string {
  return [
    "",
    `In ${precision} beside float32, the same scenes and seeds`,
    ...table([
      [
        ...["", "figure", "float32", precision, "change", "95% interval"],
        `no drop above ${POINTS}`,
      ],
      ...changes.map((change) => cells(change)),
    ]),
    ...judgedLines(changes.filter(({ judged }) => judged)),
  ].join("\n");
}

const POINTS = `${MOST_POINTS} ${MOST_POINTS === 1 ? "point" : "points"}`;

/** How many of the judged figures drop no further, and which drops most. */
function judgedLines(judged: readonly QualityChange[]): string[] {
  if (judged.length === 0) return [];
  const moves = judged.map(({ fp32, other }) => other - fp32);
  const kept = moves.filter((move) => move >= -MOST_POINTS).length;
  const keep = (wanted: Keeps) =>
    judged.filter((change) => keepsPoints(change) === wanted).length;
  const least = Math.min(...moves);
  const { part, figure } = judged[moves.indexOf(least)];
  return [
    "",
    `As measured, ${kept} of ${judged.length} judged figures drop by no more ` +
    `than ${POINTS}` +
    (least < 0
      ? `; most drops ${part}: ${figure}, by ${(-least).toFixed(1)}`
      : "; none drops at all"),
    `With 95% confidence ${keep("yes")} do, ${keep("no")} don't, and of ` +
    `${keep("unsure")} the pictures can't tell: more --scenes would`,
    "Intervals are those of a change between pairs, the same scene in both",
  ];
}

/** Digits behind the point of each unit. */
const DIGITS: Readonly<Record<QualityChange["unit"], number>> = {
  "dB": 2,
  "%": 1,
  "nats": 3,
  "codes": 0,
  "FD": 2,
};

function cells(one: QualityChange): string[] {
  const { part, figure, unit, fp32, other, judged } = one;
  const text = (value: number) => value.toFixed(DIGITS[unit]);
  const signed = (value: number) => `${value < 0 ? "" : "+"}${text(value)}`;
  return [
    part,
    figure,
    text(fp32),
    text(other),
    `${signed(other - fp32)} ${unit}`,
    judged ? `${signed(judged.low)} to ${signed(judged.high)}` : "",
    keepsPoints(one) ?? "",
  ];
}
