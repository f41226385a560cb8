/** `bench quality`: how good a model is on scenes it was not trained on. */

import { measureModel, type ModelQuality } from "../../eval/quality.ts";
import type { TokenizerQuality } from "../../eval/tokenizer_quality.ts";
import { UsageError } from "./errors.ts";
import { readOptions } from "./options.ts";
import { createStatus, progressText } from "./status.ts";
import { readWhole } from "./values.ts";

const USAGE = `Usage: bench quality [options]

Measures what the tokenizer of a model keeps of scenes, and how much better its
base transformer guesses masked tokens by the right caption than by that of
another scene: on validation scenes, and on combinations that training left
out. Of super-resolution it measures the tokenizer too, and how much better the
transformer guesses by the picture's own small tokens than by another's.

  --scenes N        scenes of each measurement, in whole batches of 16 (256)
  --model NAME      the model (mini)
  --weights FOLDER  another folder of weights than that of the repository
  --json            the figures as JSON
  --help            this text
`;

/** Runs the benchmark; returns its exit code. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = readOptions({
    scenes: "value",
    model: "value",
    weights: "value",
    json: "flag",
    help: "flag",
  }, args);
  if (values.help) {
    console.log(USAGE.trimEnd());
    return 0;
  }
  if (positionals.length > 0) {
    throw new UsageError(`bench quality takes no "${positionals[0]}".`);
  }
  const status = createStatus();
  const began = performance.now();
  const quality = await measureModel({
    model: values.model,
    weights: values.weights,
    scenes: readWhole("scenes", values.scenes ?? "256", 1),
    onProgress(done, total) {
      const seconds = (performance.now() - began) / 1000;
      status.show(progressText("measured", done, total, seconds));
    },
  });
  status.clear();
  const text = values.json
    ? JSON.stringify(quality, null, 2)
    : qualityText(quality);
  console.log(text);
  return 0;
}

function qualityText(quality: ModelQuality): string {
  const { model, hash, size, tokenizer, base, superres } = quality;
  return [
    `${model}, weights ${hash.slice(0, 12)}, ${tokenizer.scenes} scenes of a ` +
    `split, ${size} px, float32`,
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
    ...superres ? superresRows(superres) : [],
  ].join("\n");
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
