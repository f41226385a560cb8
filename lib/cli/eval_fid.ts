/** `eval fid`: two sets of samples compared. */

import {
  type CompareOptions,
  compareSets,
  isOfStatistics,
  METRIC_NAMES,
} from "../../eval/metrics/compare.ts";
import type {
  MetricFigure,
  MetricName,
} from "../../eval/metrics/metric_figure.ts";
import type { Source } from "../../eval/source.ts";
import { UsageError } from "./errors.ts";
import { captionFigures, CLIP_SCORE, openCaptions } from "./eval_captions.ts";
import { readConvention } from "./eval_convention.ts";
import { comparePictures, type PictureComparison } from "./eval_pictures.ts";
import {
  FEATURE_HELP,
  FEATURE_OPTIONS,
  readFeatureArgs,
} from "./feature_args.ts";
import { figuresText } from "./figures_text.ts";
import { checkWritable } from "./files.ts";
import { NAMED_HELP, openNamedSource } from "./named_sets.ts";
import { type Options, readOrHelp } from "./options.ts";
import { outputText } from "./output_text.ts";
import { withResizeNotes } from "./resize_notes.ts";
import { readKnownList, readWhole } from "./values.ts";

const USAGE = `Usage: eval fid SAMPLES REFERENCE [options]

Compares samples with a reference. Each is a set of pictures, or a file of
numbers that a network has made of them:

  folder        pictures in it and below: bmp, jpg, jpeg, pgm, png, ppm, tif,
                tiff and webp; also a .zip or .tar, shards/*.tar, a .txt with a
                path a line, a .jsonl or .csv with paths and captions, or an
                .npz of pictures (arr_0, bytes [n,H,W,3])
  .npz          statistics (mu, sigma) as pytorch-fid, clean-fid and OpenAI's
                guided-diffusion keep them; or features [n,F], named features,
                feats, reps or arr_0
  .npy          features [n,F]
  .safetensors  the tensors features [n,F] and logits [n,K], and which network
                they are of in the metadata: inception, clip, dinov2 or probe

or a name, of what \`eval stats --name\` has kept or of

${NAMED_HELP}

  --metrics LIST      of fid, fid-inf, kid, is, prdc, cmmd, fd-dinov2, clip-score
                      (fid). fid and fd-dinov2 look at statistics or features,
                      is at the samples' logits, cmmd at embeddings of CLIP,
                      clip-score at pictures with captions (a .txt beside each,
                      or captions.jsonl), the rest at features
  --clip LIST         of clip-score: b-32, l-14, l-14-336, or paths (b-32)
  --convention NAME   computes as this program does; each metric says which it
                      knows: pytorch-fid, clean-fid, torch-fidelity,
                      torchmetrics, dgm-eval, stylegan3, ...; pictures are
                      resized as it does, too, or as those of a file of
                      numbers were, with a note; clip-score is the cosine
                      unless it is one of clipscore, torchmetrics, clip-score
${FEATURE_HELP}
  --save-features FILE  keeps what the network said of the samples, as
                      .safetensors that this command reads
  --seed N            another seed of subsets than that program's: of kid, is and
                      fid-inf
  --subset-size N     samples of each of KID's subsets (1000)
  --json              the figures as JSON
  --help              this text
`;

const OPTIONS = {
  ...FEATURE_OPTIONS,
  metrics: "value",
  clip: "value",
  convention: "value",
  "save-features": "value",
  seed: "value",
  "subset-size": "value",
  json: "flag",
  help: "flag",
} as const;

type Values = Options<typeof OPTIONS>["values"];

/** Runs the command; returns its exit code. */
export async function run(args: string[]): Promise<number> {
  const read = readOrHelp(USAGE, OPTIONS, args);
  if (!read) return 0;
  const { values, positionals } = read;
  const [samplesPath, referencePath, ...more] = positionals;
  if (referencePath === undefined || more.length > 0) {
    throw new UsageError(
      `eval fid takes two sets, samples and a reference, not ` +
        `${positionals.length}.`,
    );
  }
  const asked = readKnownList("metrics", values.metrics ?? "fid", [
    ...METRIC_NAMES,
    CLIP_SCORE,
  ]);
  const metrics = asked.filter((name) => name !== CLIP_SCORE) as MetricName[];
  const options = readChoices(values);
  checkRead(values, asked);
  const request = readFeatureArgs(values);
  const saved = values["save-features"];
  if (saved !== undefined) checkWritable(saved);
  const captions = asked.includes(CLIP_SCORE)
    ? await openCaptions(samplesPath, values.clip, request)
    : undefined;
  const figures = metrics.length === 0
    ? []
    : await compare(samplesPath, referencePath, metrics, {
      options,
      request,
      ...(saved === undefined ? {} : { saved }),
    }, values);
  if (captions) {
    const { convention } = options;
    figures.push(...await captionFigures(captions, convention, request));
  }
  console.log(
    outputText(values.json, figures, () => blocksText(figures)),
  );
  return 0;
}

/** Options that only some metrics read. */
const READERS: readonly [keyof Values, readonly string[]][] = [
  ["clip", [CLIP_SCORE]],
  ["subset-size", ["kid"]],
  ["seed", ["kid", "is", "fid-inf"]],
];

/** @throws UsageError for an option that no metric reads */
function checkRead(values: Values, metrics: readonly string[]): void {
  for (const [option, readers] of READERS) {
    if (metrics.some((name) => readers.includes(name))) continue;
    refuseUnread(
      values,
      [option],
      `of ${readers.join(", ")}, and the metrics are ${metrics.join(", ")}`,
    );
  }
}

/** Options of networks that look at pictures; others are of CLIP score too. */
const FOR_NETWORKS = [
  "features",
  "layer",
  "resize",
  "weights",
  "save-features",
] as const;
const NUMBERS = "for pictures, and both sets are numbers already";

/** @throws UsageError if one of the options is given */
function refuseUnread(
  values: Values,
  options: readonly (keyof Values)[],
  why: string,
): void {
  const given = options.find((option) => values[option] !== undefined);
  if (given === undefined) return;
  throw new UsageError(`--${given} is ${why}; leave it out.`);
}

function readChoices(values: Values): CompareOptions {
  const { seed, "subset-size": size } = values;
  const convention = readConvention(values.convention);
  return {
    ...(convention === undefined ? {} : { convention }),
    ...(seed === undefined
      ? {}
      : { seed: readWhole("seed", seed, 0, 2 ** 32 - 1) }),
    ...(size === undefined
      ? {}
      : { subsetSize: readWhole("subset-size", size, 2) }),
  };
}

async function compare(
  samplesPath: string,
  referencePath: string,
  metrics: readonly MetricName[],
  how: PictureComparison,
  values: Values,
): Promise<MetricFigure[]> {
  const enough = metrics.every(isOfStatistics);
  const samples = await openNamedSource(samplesPath, enough);
  const reference = await openNamedSource(referencePath, enough);
  const bothNumbers = areNumbers(samples) && areNumbers(reference);
  if (bothNumbers) refuseUnread(values, FOR_NETWORKS, NUMBERS);
  const figures = bothNumbers
    ? await compareSets(samples.set, reference.set, metrics, how.options)
    : await comparePictures(samples, reference, metrics, how);
  return withResizeNotes(figures, how.options.convention);
}

type Numbers = Extract<Source, { kind: "numbers" }>;

const areNumbers = (source: Source): source is Numbers =>
  source.kind === "numbers";

/** Figures of each network for themselves. */
function blocksText(figures: readonly MetricFigure[]): string {
  return Map.groupBy(figures, ({ samples }) => samples.hash).values()
    .map(figuresText).toArray().join("\n\n");
}
