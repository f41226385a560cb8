/** How far the figures of a model move in another precision, as text. */

import { largestDrop, type QualityChange } from "../../eval/quality_change.ts";
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
      ["", "figure", "float32", precision, "change"],
      ...changes.map((change) => cells(change)),
    ]),
    ...changes.some(({ isJudged }) => isJudged)
      ? [
        "",
        `The judged figure that falls most falls by ${
          largestDrop(changes).toFixed(1)
        } points`,
      ]
      : [],
  ].join("\n");
}

/** Digits behind the point of each unit. */
const DIGITS: Readonly<Record<QualityChange["unit"], number>> = {
  "dB": 2,
  "%": 1,
  "nats": 3,
  "codes": 0,
  "pictures": 0,
  "FD": 2,
};

function cells({ part, figure, unit, fp32, other }: QualityChange): string[] {
  const text = (value: number) => value.toFixed(DIGITS[unit]);
  const change = other - fp32;
  const sign = change < 0 ? "" : "+";
  return [
    part,
    figure,
    text(fp32),
    text(other),
    `${sign}${text(change)} ${unit}`,
  ];
}
