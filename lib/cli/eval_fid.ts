/** `eval fid`: two sets of samples compared. */

import {
  compareSets,
  CONVENTION_NAMES,
  isOfStatistics,
  METRIC_NAMES,
} from "../../eval/metrics/compare.ts";
import type {
  MetricFigure,
  MetricName,
} from "../../eval/metrics/metric_figure.ts";
import { openSource, type Source } from "../../eval/source.ts";
import { UsageError } from "./errors.ts";
import { comparePictures } from "./eval_pictures.ts";
import {
  FEATURE_HELP,
  FEATURE_OPTIONS,
  readFeatureArgs,
} from "./feature_args.ts";
import { figuresText } from "./figures_text.ts";
import { checkWritable } from "./files.ts";
import { nearest } from "./nearest.ts";
import { readOrHelp } from "./options.ts";
import { readWhole } from "./values.ts";

const USAGE = `Usage: eval fid SAMPLES REFERENCE [options]

Compares samples with a reference. Each is a set of pictures, or a file of
numbers that a network has made of them:

  folder        pictures in it and below: bmp, jpg, jpeg, pgm, png, ppm, tif,
                tiff and webp; also a .zip or .tar, shards/*.tar, a .txt with a
                path a line, or an .npz of pictures (arr_0, bytes [n,H,W,3])
  .npz          statistics (mu, sigma) as pytorch-fid, clean-fid and OpenAI's
                guided-diffusion keep them; or features [n,F], named features,
                feats, reps or arr_0
  .npy          features [n,F]
  .safetensors  the tensors features [n,F] and logits [n,K], and which network
                they are of in the metadata: inception, clip, dinov2 or probe

  --metrics LIST      of fid, fid-inf, kid, is, prdc, cmmd, fd-dinov2 (fid). fid
                      and fd-dinov2 look at statistics or features, is at the
                      samples' logits, cmmd at embeddings of CLIP, the rest at
                      features. CLIP score is \`eval clip-score\`
  --convention NAME   computes as this program does; each metric says which it
                      knows: pytorch-fid, clean-fid, torch-fidelity,
                      torchmetrics, dgm-eval, stylegan3, ...; pictures are
                      resized as it does, too
${FEATURE_HELP}
  --save-features FILE  keeps what the network said of the samples, as
                      .safetensors that this command reads
  --seed N            another seed of subsets than that program's
  --subset-size N     samples of each of KID's subsets (1000)
  --json              the figures as JSON
  --help              this text
`;

/** Runs the command; returns its exit code. */
export async function run(args: string[]): Promise<number> {
  const read = readOrHelp(USAGE, {
    ...FEATURE_OPTIONS,
    metrics: "value",
    convention: "value",
    "save-features": "value",
    seed: "value",
    "subset-size": "value",
    json: "flag",
    help: "flag",
  }, args);
  if (!read) return 0;
  const { values, positionals } = read;
  const [samplesPath, referencePath, ...more] = positionals;
  if (referencePath === undefined || more.length > 0) {
    throw new UsageError(
      `eval fid takes two sets, samples and a reference, not ` +
        `${positionals.length}.`,
    );
  }
  const metrics = readNames(
    "metrics",
    values.metrics ?? "fid",
    METRIC_NAMES,
  ) as MetricName[];
  const { seed, "subset-size": size, convention } = values;
  if (convention !== undefined) {
    readNames("convention", convention, CONVENTION_NAMES);
  }
  const options = {
    ...(convention === undefined ? {} : { convention }),
    ...(seed === undefined
      ? {}
      : { seed: readWhole("seed", seed, 0, 2 ** 32 - 1) }),
    ...(size === undefined
      ? {}
      : { subsetSize: readWhole("subset-size", size, 2) }),
  };
  const request = readFeatureArgs(values);
  const saved = values["save-features"];
  if (saved !== undefined) checkWritable(saved);
  const enough = metrics.every(isOfStatistics);
  const samples = await openSource(samplesPath, enough);
  const reference = await openSource(referencePath, enough);
  const figures = areNumbers(samples) && areNumbers(reference)
    ? await compareSets(samples.set, reference.set, metrics, options)
    : await comparePictures(samples, reference, metrics, {
      options,
      request,
      ...(saved === undefined ? {} : { saved }),
    });
  console.log(
    values.json ? JSON.stringify(figures, null, 2) : blocksText(figures),
  );
  return 0;
}

type Numbers = Extract<Source, { kind: "numbers" }>;

const areNumbers = (source: Source): source is Numbers =>
  source.kind === "numbers";

/** Figures of each network for themselves. */
function blocksText(figures: readonly MetricFigure[]): string {
  return Map.groupBy(figures, ({ samples }) => samples.hash).values()
    .map(figuresText).toArray().join("\n\n");
}

/** Names with commas between them, each one of those that there are. */
function readNames(
  option: string,
  text: string,
  names: readonly string[],
): string[] {
  const list = text.split(",").map((part) => part.trim());
  const odd = list.find((name) => !names.includes(name));
  if (odd === undefined) return [...new Set(list)];
  const meant = nearest(odd, names);
  throw new UsageError(
    `--${option} doesn't know "${odd}"; ` +
      (meant ? `did you mean "${meant}"?` : `there are ${names.join(", ")}.`),
  );
}
