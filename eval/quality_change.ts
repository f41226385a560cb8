/** What a model loses in another precision than float32. */

import type { Precision } from "../lib/run/precision.ts";
import type { DrawnQuality } from "./drawn_quality.ts";
import type { Interval } from "./metrics/intervals.ts";
import type { JudgedFigures } from "./probe/figures.ts";
import { type JudgedShare, pairedChanges } from "./probe/paired.ts";
import { QUESTIONS, type Verdict } from "./probe/verdict.ts";
import {
  measureModel,
  type ModelQuality,
  type ModelQualityOptions,
} from "./quality.ts";
import type { DecodedQuality, RebuiltQuality } from "./rebuilt_quality.ts";
import type { Psnr } from "./tokenizer_quality.ts";

/** One figure in float32 and in the other precision. */
export interface QualityChange {
  /** What was measured: "tokenizer", "base, validation", … */
  readonly part: string;
  /** The figure's name: "PSNR", "style", … */
  readonly figure: string;
  /** Of both values. */
  readonly unit: QualityUnit;
  /** In float32. */
  readonly fp32: number;
  /** In the other precision. */
  readonly other: number;
  /**
   * Where the change lies with 95% confidence, of what the judge says; the
   * higher such a figure, the better.
   */
  readonly judged?: Interval;
}

/** Of a figure. */
export type QualityUnit = "dB" | "%" | "nats" | "codes" | "FD";

/** A model in two precisions. */
export interface QualityBeside {
  /** In float32. */
  readonly fp32: ModelQuality;
  /** In the other precision. */
  readonly other: ModelQuality;
  /** The figures of both, one by one. */
  readonly changes: readonly QualityChange[];
}

/**
 * Measures a model in float32 and then in another precision, on the same
 * scenes, prompts and seeds.
 *
 * @throws as {@linkcode measureModel}
 */
export async function measureBesideFloat32(
  options: ModelQualityOptions & { readonly precision: Precision },
): Promise<QualityBeside> {
  const { onProgress = () => {} } = options;
  const fp32 = await measureModel({
    ...options,
    precision: "fp32",
    onProgress: (done, total) => onProgress(done, 2 * total),
  });
  const other = await measureModel({
    ...options,
    onProgress: (done, total) => onProgress(total + done, 2 * total),
  });
  return { fp32, other, changes: qualityChanges(fp32, other) };
}

/** The figures of a model in both precisions, one by one. */
export function qualityChanges(
  fp32: ModelQuality,
  other: ModelQuality,
): QualityChange[] {
  const name = ({ part, figure }: Figure) => `${part}: ${figure}`;
  const others = new Map(
    figures(other).map((figure) => [name(figure), figure] as const),
  );
  const paired = rememberPaired();
  return figures(fp32).flatMap((one) => {
    const { value, judged, ...figure } = one;
    const found = others.get(name(one));
    // A question may be asked of some pictures in one precision alone.
    if (found === undefined) return [];
    const change = { ...figure, fp32: value, other: found.value };
    if (!judged || !found.judged) return [change];
    const all = paired(judged.verdicts, found.judged.verdicts);
    const { low, high } = all[judged.share];
    return [{ ...change, judged: { low: 100 * low, high: 100 * high } }];
  });
}

/** Several figures are of the same pictures, which are compared once. */
function rememberPaired(): typeof pairedChanges {
  const known = new Map<unknown, ReturnType<typeof pairedChanges>>();
  return (before, after) => {
    const changes = known.get(before) ?? pairedChanges(before, after);
    known.set(before, changes);
    return changes;
  };
}

/** Points by which no judged figure should fall. */
export const MOST_POINTS = 1;

/** Whether a judged figure falls no further, as far as can be told. */
export type Keeps = "yes" | "no" | "unsure";

/** What a judged change says of {@linkcode MOST_POINTS}; none of others. */
export function keepsPoints({ judged }: QualityChange): Keeps | undefined {
  if (!judged) return undefined;
  if (judged.low >= -MOST_POINTS) return "yes";
  return judged.high < -MOST_POINTS ? "no" : "unsure";
}

type Figure = Omit<QualityChange, "fp32" | "other" | "judged"> & {
  readonly value: number;
  /** What the judge says of each picture, and of what that is the figure. */
  readonly judged?: {
    readonly verdicts: readonly Verdict[];
    readonly share: JudgedShare;
  };
};

/** Those that depend on the precision: not what a judge reads in scenes. */
function figures(
  { tokenizer, base, judged, superres }: ModelQuality,
): Figure[] {
  return [
    ...rebuiltFigures("tokenizer", tokenizer),
    ...base.flatMap(({ split, gains }) =>
      gains.flatMap(({ maskRate, rightCaption, otherCaption }) =>
        gainFigures(`base, ${split}`, maskRate, rightCaption, otherCaption)
      )
    ),
    ...judged
      ? [
        ...judged.drawn.flatMap(drawnFigures),
        measured("drawn", "unseen words", "%", 100 * judged.unseen.rate),
      ]
      : [],
    ...superres
      ? [
        ...rebuiltFigures("super-res tokenizer", superres.tokenizer),
        ...superres.transformer.gains.flatMap(
          ({ maskRate, rightTokens, otherTokens }) =>
            gainFigures("super-res", maskRate, rightTokens, otherTokens),
        ),
      ]
      : [],
  ];
}

function rebuiltFigures(
  part: string,
  { judged, beforeFinetuning: before, ...quality }: RebuiltQuality,
): Figure[] {
  const { codesUsed, perplexity } = quality;
  return [
    ...psnrFigures(part, quality),
    measured(part, "codes used", "%", 100 * codesUsed),
    measured(part, "codes in effect", "codes", perplexity),
    ...judged
      ? [
        ...judgedFigures(`${part}, rebuilt`, judged.rebuilt, judged.verdicts),
        measured(part, "objects kept", "%", 100 * judged.objectShare),
        measured(part, "FD-probe", "FD", judged.fdProbe),
      ]
      : [],
    ...before ? decodedFigures(`${part} before finetuning`, before) : [],
  ];
}

function decodedFigures(
  part: string,
  { fdProbe, ...psnr }: DecodedQuality,
): Figure[] {
  return [
    ...psnrFigures(part, psnr),
    ...fdProbe === undefined ? [] : [measured(part, "FD-probe", "FD", fdProbe)],
  ];
}

function psnrFigures(part: string, { psnr, psnrInBoxes }: Psnr): Figure[] {
  return [
    measured(part, "PSNR", "dB", psnr),
    measured(part, "PSNR in the boxes", "dB", psnrInBoxes),
  ];
}

function drawnFigures(
  { split, fdProbe, superres, ...rates }: DrawnQuality,
): Figure[] {
  const [small, large] = [`drawn, ${split}`, `super-resolved, ${split}`];
  return [
    ...judgedFigures(small, rates, rates.verdicts),
    measured(small, "FD-probe", "FD", fdProbe),
    ...superres
      ? [
        ...judgedFigures(large, superres, superres.verdicts),
        measured(large, "FD-probe", "FD", superres.fdProbe),
        measured(large, "FD-probe, enlarged", "FD", superres.fdProbeEnlarged),
      ]
      : [],
  ];
}

function gainFigures(
  part: string,
  maskRate: number,
  right: number,
  other: number,
): Figure[] {
  const at = `at ${maskRate.toFixed(2)}`;
  return [
    measured(part, `cross-entropy ${at}`, "nats", right),
    measured(part, `gain ${at}`, "nats", other - right),
  ];
}

/** Without questions that no scene asked. */
function judgedFigures(
  part: string,
  figures: JudgedFigures,
  verdicts: readonly Verdict[],
): Figure[] {
  const asked = QUESTIONS.filter((question) => figures[question].trials > 0);
  return [
    ...asked.map((share) => [share, share, figures[share].rate] as const),
    ["kindsRight", "all kinds, no other", figures.kindsRight] as const,
  ].map(([share, figure, value]) => ({
    ...measured(part, figure, "%", 100 * value),
    judged: { verdicts, share },
  }));
}

function measured(
  part: string,
  figure: string,
  unit: QualityUnit,
  value: number,
): Figure {
  return { part, figure, unit, value };
}
