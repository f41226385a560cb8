/** `bench quality`: how good a model is on scenes it was not trained on. */

import type { JudgedQuality } from "../../eval/judged_quality.ts";
import { type Judge, loadJudge } from "../../eval/probe/judge.ts";
import {
  measureModel,
  type ModelQuality,
  type ModelQualityOptions,
} from "../../eval/quality.ts";
import {
  measureBesideFloat32,
  type QualityBeside,
} from "../../eval/quality_change.ts";
import type { TokenizerQuality } from "../../eval/tokenizer_quality.ts";
import { judgedRows } from "./judged_text.ts";
import { readOnlyOptions } from "./options.ts";
import { changesText } from "./quality_change_text.ts";
import { readRuntime, RUNTIME_OPTIONS, RUNTIME_USAGE } from "./runtime_args.ts";
import { createStatus, progressText } from "./status.ts";
import { readWhole } from "./values.ts";

const USAGE = `Usage: bench quality [options]

Measures what the tokenizer of a model keeps of scenes, and how much better its
base transformer guesses masked tokens by the right caption than by that of
another scene: on validation scenes, and on combinations that training left
out. Of super-resolution it measures the tokenizer too, and how much better the
transformer guesses by the picture's own small tokens than by another's. The
judge of emoji scenes, where there is one, reads what scenes show, as they are,
as the tokenizer rebuilds them and as the model draws their captions.

In another precision than fp32 all of it is measured in both, on the same scenes
with the same seeds, and how far each figure moves is printed too.

  --scenes N        scenes of each measurement, in whole batches of 16 (256)
  --model NAME      the model (mini)
  --weights FOLDER  another folder of weights than that of the repository
${RUNTIME_USAGE}
  --json            the figures as JSON
  --help            this text
`;

/** Runs the benchmark; returns its exit code. */
export async function run(args: string[]): Promise<number> {
  const values = readOnlyOptions("bench quality", USAGE, {
    scenes: "value",
    model: "value",
    weights: "value",
    ...RUNTIME_OPTIONS,
    json: "flag",
    help: "flag",
  }, args);
  if (!values) return 0;
  const scenes = readWhole("scenes", values.scenes ?? "256", 1);
  const judge = await openJudge();
  const status = createStatus();
  const began = performance.now();
  const { precision = "fp32", ...runtime } = readRuntime(values);
  const asked = {
    model: values.model,
    weights: values.weights,
    ...runtime,
    scenes,
    judge,
    onProgress(done: number, total: number) {
      const seconds = (performance.now() - began) / 1000;
      status.show(progressText("measured", done, total, seconds));
    },
  };
  const [figures, text] = precision === "fp32"
    ? await measureAlone(asked)
    : await measureBeside({ ...asked, precision });
  status.clear();
  await judge?.release();
  console.log(values.json ? JSON.stringify(figures, null, 2) : text);
  return 0;
}

/** The figures, and as text. */
async function measureAlone(
  options: ModelQualityOptions,
): Promise<[ModelQuality, string]> {
  const quality = await measureModel(options);
  return [quality, qualityText(quality)];
}

/** Those of a precision, beside those in float32. */
async function measureBeside(
  options: Parameters<typeof measureBesideFloat32>[0],
): Promise<[QualityBeside, string]> {
  const found = await measureBesideFloat32(options);
  const { other, changes } = found;
  return [
    found,
    `${qualityText(other)}\n${changesText(other.precision, changes)}`,
  ];
}

/** The judge of the repository; says on standard error why there is none. */
async function openJudge(): Promise<Judge | undefined> {
  try {
    return await loadJudge();
  } catch (error) {
    console.error((error as Error).message);
  }
}

function qualityText(quality: ModelQuality): string {
  const { model, hash, precision, size } = quality;
  const { tokenizer, base, judged, superres } = quality;
  return [
    `${model}, weights ${hash.slice(0, 12)}, ${tokenizer.scenes} scenes of a ` +
    `split, ${size} px, ${precision}`,
    "",
    "Tokenizer, on validation scenes",
    ...tokenizerRows(tokenizer),
    "",
    "Base transformer, cross-entropy of masked tokens in nats",
    row("split", "mask rate", "right caption", "another's", "gain"),
    ...base.flatMap(({ split, gains }) =>
      gains.map(({ maskRate, rightCaption, otherCaption }) =>
        gainRow(split, maskRate, rightCaption, otherCaption)
      )
    ),
    ...judged ? judgedSections(judged) : [],
    ...superres ? superresRows(superres) : [],
  ].join("\n");
}

function judgedSections(
  { judge, real, rebuilt, drawn, synonyms }: JudgedQuality,
): string[] {
  const section = (
    title: string,
    rows: readonly string[],
  ) => ["", title, ...rows];
  return [
    ...section(
      `Read by the judge ${judge.slice(0, 12)} in validation scenes`,
      judgedRows(real),
    ),
    ...section("The same, rebuilt by the tokenizer", judgedRows(rebuilt)),
    ...drawn.flatMap(({ split, fdProbe, ...figures }) =>
      section(
        `Drawn from captions of ${split}, FD-probe ${fdProbe.toFixed(2)}`,
        judgedRows(figures),
      )
    ),
    ...section(
      "Drawn from words that no caption has",
      synonyms.map(({ word, kind, right, pictures }) =>
        `  a ${word}: ${right} of ${pictures} show a ${kind}`
      ),
    ),
  ];
}

function superresRows(
  { size, tokenizer, transformer }: NonNullable<ModelQuality["superres"]>,
): string[] {
  return [
    "",
    `Super-resolution to ${size} px: its tokenizer`,
    ...tokenizerRows(tokenizer),
    "",
    "Super-resolution transformer, cross-entropy of masked tokens in nats",
    row("split", "mask rate", "right tokens", "another's", "gain"),
    ...transformer.gains.map(({ maskRate, rightTokens, otherTokens }) =>
      gainRow("validation", maskRate, rightTokens, otherTokens)
    ),
  ];
}

function tokenizerRows(
  { psnr, psnrInBoxes, codesUsed, perplexity }: TokenizerQuality,
): string[] {
  return [
    ["PSNR", `${psnr.toFixed(2)} dB`],
    ["PSNR in the boxes", `${psnrInBoxes.toFixed(2)} dB`],
    ["codes used", `${(100 * codesUsed).toFixed(1)} %`],
    ["codes in effect", perplexity.toFixed(0)],
  ].map(([name, value]) => `  ${name.padEnd(18)} ${value}`);
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
