/** The figures of a model as text. */

import type { DrawnQuality } from "../../eval/drawn_quality.ts";
import type { JudgedQuality } from "../../eval/judged_quality.ts";
import type {
  ModelQuality,
  ModelTokenizerQuality,
} from "../../eval/quality.ts";
import type { RebuiltQuality } from "../../eval/rebuilt_quality.ts";
import { judgedRows, percent } from "./judged_text.ts";
import { table } from "./table.ts";

/** All of them, part by part. */
export function qualityText(quality: ModelQuality): string {
  const { model, hash, precision, size, training } = quality;
  const { tokenizer, base, judged, superres } = quality;
  const heading = [
    model,
    `weights ${hash.slice(0, 12)}`,
    `${tokenizer.scenes} scenes of a split`,
    `${size} px`,
    precision,
    ...judged ? [`judge ${judged.judge.slice(0, 12)}`] : [],
  ];
  return [
    heading.join(", "),
    ...trainingRows(training),
    ...tokenizerSections("Tokenizer, on validation scenes", tokenizer),
    ...section("Base transformer, cross-entropy of masked tokens in nats", [
      row("split", "mask rate", "right caption", "another's", "gain"),
      ...base.flatMap(({ split, gains }) =>
        gains.map(({ maskRate, rightCaption, otherCaption }) =>
          gainRow(split, maskRate, rightCaption, otherCaption)
        )
      ),
    ]),
    ...judged ? judgedSections(judged) : [],
    ...superres ? superresSections(superres) : [],
  ].join("\n");
}

function section(title: string, rows: readonly string[]): string[] {
  return ["", title, ...rows];
}

function trainingRows(training: ModelQuality["training"]): string[] {
  if (training.length === 0) return [];
  const number = (value: number | null) => value?.toLocaleString("en") ?? "";
  return section(
    "Trained, by the logs",
    table([
      ["run", "steps", "pictures", "hours"],
      ...training.map(({ name, steps, pictures, hours }) => [
        name,
        number(steps),
        number(pictures),
        hours.toFixed(1),
      ]),
    ]),
  );
}

function tokenizerSections(
  title: string,
  quality: ModelTokenizerQuality,
): string[] {
  const { psnr, psnrInBoxes, codesUsed, perplexity, judged } = quality;
  const rows = figureRows([
    ["PSNR", decibels(psnr)],
    ["PSNR in the boxes", decibels(psnrInBoxes)],
    ["codes used", `${percent(codesUsed)} %`],
    ["codes in effect", perplexity.toFixed(0)],
    ...judged ? [["FD-probe", judged.fdProbe.toFixed(2)] as const] : [],
  ]);
  return [
    ...section(title, rows),
    ...finetuningSection(quality),
    ...judged
      ? [
        ...section(
          "Read by the judge in these scenes",
          judgedRows(judged.original),
        ),
        ...section("The same, rebuilt by the tokenizer", [
          ...judgedRows(judged.rebuilt),
          `  Of the rate of objects in the scenes this is ${
            percent(judged.objectShare)
          } %`,
        ]),
      ]
      : [],
  ];
}

/** What the decoder gained by its finetuning, if there was one. */
function finetuningSection(
  { tokensOf, beforeFinetuning: before, ...now }: ModelTokenizerQuality,
): string[] {
  if (tokensOf === undefined) return [];
  const title = "The same tokens by the decoder before it was finetuned";
  if (!before) {
    return section(title, [
      `  Its tokenizer, SHA-256 ${tokensOf.slice(0, 12)}…, is not beside it: ` +
      `--originals FOLDER`,
    ]);
  }
  return section(
    title,
    figureRows([
      ["PSNR", gainText(before.psnr, now.psnr)],
      ["PSNR in the boxes", gainText(before.psnrInBoxes, now.psnrInBoxes)],
      ...distanceRows(before.fdProbe, now),
    ]),
  );
}

function distanceRows(
  before: number | undefined,
  { judged }: Pick<RebuiltQuality, "judged">,
): [string, string][] {
  if (before === undefined || !judged) return [];
  const change = lowerText(before, judged.fdProbe);
  return [["FD-probe", `${before.toFixed(2)}, finetuned ${change}`]];
}

function gainText(before: number, now: number): string {
  const gain = now - before;
  const sign = gain < 0 ? "" : "+";
  return `${decibels(before)}, finetuned ${sign}${decibels(gain)}`;
}

/** Such as "12.5 % lower" or "3.0 % higher". */
function lowerText(before: number, now: number): string {
  const change = 1 - now / before;
  return `${percent(Math.abs(change))} % ${change < 0 ? "higher" : "lower"}`;
}

function judgedSections({ drawn, unseen }: JudgedQuality): string[] {
  return [...drawn.flatMap(drawnSections), ...unseenSection(unseen)];
}

/** Words that no caption has, those first that are understood most often. */
function unseenSection(
  { rate, low, high, each, words }: JudgedQuality["unseen"],
): string[] {
  const byCount = [...Map.groupBy(words, ({ right }) => right)]
    .sort(([a], [b]) => b - a);
  return section(
    `Drawn from ${words.length} words that no caption has, ${each} times each`,
    [
      `  ${percent(rate)} % show what is meant (95% interval ${percent(low)} ` +
      `to ${percent(high)})`,
      ...byCount.map(([count, some]) =>
        `  ${count} of ${each}: ${some.map(({ word }) => word).join(", ")}`
      ),
    ],
  );
}

function drawnSections(
  { split, fdProbe, superres, ...figures }: DrawnQuality,
): string[] {
  const own = section(
    `Drawn from captions of ${split}, FD-probe ${fdProbe.toFixed(2)}`,
    judgedRows(figures),
  );
  if (!superres) return own;
  const { size, fdProbe: drawn, fdProbeEnlarged: enlarged } = superres;
  return [
    ...own,
    ...section(
      `The same, super-resolved to ${size} px and reduced for the judge`,
      judgedRows(superres),
    ),
    ...section(
      `FD-probe at ${size} px`,
      figureRows([
        ["enlarged", enlarged.toFixed(2)],
        [
          "super-resolved",
          `${drawn.toFixed(2)}, ${lowerText(enlarged, drawn)}`,
        ],
      ]),
    ),
  ];
}

function superresSections(
  { size, tokenizer, transformer }: NonNullable<ModelQuality["superres"]>,
): string[] {
  return [
    ...tokenizerSections(
      `Super-resolution to ${size} px: its tokenizer`,
      tokenizer,
    ),
    ...section(
      "Super-resolution transformer, cross-entropy of masked tokens in nats",
      [
        row("split", "mask rate", "right tokens", "another's", "gain"),
        ...transformer.gains.map(({ maskRate, rightTokens, otherTokens }) =>
          gainRow("validation", maskRate, rightTokens, otherTokens)
        ),
      ],
    ),
  ];
}

const decibels = (value: number) => `${value.toFixed(2)} dB`;

function figureRows(rows: readonly (readonly [string, string])[]): string[] {
  return rows.map(([name, value]) => `  ${name.padEnd(18)} ${value}`);
}

function gainRow(
  split: string,
  maskRate: number,
  right: number,
  other: number,
): string {
  return row(
    split,
    maskRate.toFixed(2),
    right.toFixed(3),
    other.toFixed(3),
    (other - right).toFixed(3),
  );
}

function row(split: string, ...cells: readonly string[]): string {
  return `  ${split.padEnd(11)}${
    cells.map((cell) => cell.padStart(15)).join("")
  }`;
}
