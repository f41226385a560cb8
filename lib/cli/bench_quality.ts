/** `bench quality`: how good a model is on scenes it was not trained on. */

import {
  measureModel,
  type ModelQuality,
  type ModelQualityOptions,
} from "../../eval/quality.ts";
import {
  measureBesideFloat32,
  type QualityBeside,
} from "../../eval/quality_change.ts";
import { openJudge } from "./open_judge.ts";
import { readOnlyOptions } from "./options.ts";
import { changesText } from "./quality_change_text.ts";
import { qualityText } from "./quality_text.ts";
import { readRuntime, RUNTIME_OPTIONS, RUNTIME_USAGE } from "./runtime_args.ts";
import { withProgress } from "./status.ts";
import { readWhole } from "./values.ts";

const USAGE = `Usage: bench quality [options]

Measures what the tokenizer of a model keeps of scenes, and how much better its
base transformer guesses masked tokens by the right caption than by that of
another scene: on validation scenes, and on combinations that training left
out. Of super-resolution it measures the tokenizer too, and how much better the
transformer guesses by the picture's own small tokens than by another's. Where a
decoder was finetuned, and the tokenizer that it was finetuned from is there,
both draw the same tokens. Logs beside the weights say how long they were
trained.

The judge of emoji scenes, where there is one, reads what scenes show, as they
are, as the tokenizers rebuild them and as the model draws their captions; larger
pictures it reads reduced to its size. FD-probe compares what it sees in pictures
and in scenes; larger ones are cut into squares of its size for that, so that
sharpness counts. It falls as scenes are added: compare it at equal numbers only.
Super-resolved pictures stand beside the base's, enlarged by a bicubic filter.
The judge says too whether words that no caption has ("hound" for a dog) are
drawn as what they mean: 32 words, four pictures each.

In another precision than fp32 all of it is measured in both, on the same scenes
with the same seeds, and how far each figure moves is printed too; of what the
judge says, with the interval in which the change lies, scene by scene in pairs,
and whether it is no drop of more than a point.

  --scenes N              scenes of each measurement, in whole batches of 16
                          (256)
  --model NAME            the model (mini)
  --weights FOLDER        another folder of weights than that of the repository
  --originals FOLDER      where tokenizers are that decoders were finetuned
                          from, if they are not beside those
  --judge FILE            another judge than the repository's
${RUNTIME_USAGE}
  --json                  the figures as JSON
  --help                  this text
`;

/** Runs the benchmark; returns its exit code. */
export async function run(args: string[]): Promise<number> {
  const values = readOnlyOptions("bench quality", USAGE, {
    scenes: "value",
    model: "value",
    weights: "value",
    originals: "value",
    judge: "value",
    ...RUNTIME_OPTIONS,
    json: "flag",
    help: "flag",
  }, args);
  if (!values) return 0;
  const scenes = readWhole("scenes", values.scenes ?? "256", 1);
  const runtime = readRuntime(values);
  const judge = await openJudge(values.judge);
  try {
    const [figures, text] = await withProgress(
      "measured",
      (onProgress) =>
        measure({
          model: values.model,
          weights: values.weights,
          originals: values.originals,
          ...runtime,
          scenes,
          judge,
          onProgress,
        }),
    );
    console.log(values.json ? JSON.stringify(figures, ownFigures, 2) : text);
    return 0;
  } finally {
    await judge?.release();
  }
}

/** What is printed as JSON, and as text. */
function measure(
  { precision = "fp32", ...options }: ModelQualityOptions,
): Promise<[ModelQuality | QualityBeside, string]> {
  return precision === "fp32"
    ? measureAlone(options)
    : measureBeside({ ...options, precision });
}

/** Leaves out what was said of each picture, of which the figures are. */
function ownFigures(key: string, value: unknown): unknown {
  return key === "verdicts" ? undefined : value;
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
