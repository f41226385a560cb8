/** `eval fid`: two sets of samples compared. */

import {
  compareSets,
  CONVENTION_NAMES,
  METRIC_NAMES,
} from "../../eval/metrics/compare.ts";
import type {
  MetricFigure,
  MetricName,
  SetRecord,
} from "../../eval/metrics/metric_figure.ts";
import { readSampleSet } from "../../eval/metrics/sample_set.ts";
import { UsageError } from "./errors.ts";
import { nearest } from "./nearest.ts";
import { readOptions } from "./options.ts";
import { readWhole } from "./values.ts";

const USAGE = `Usage: eval fid SAMPLES REFERENCE [options]

Compares samples with a reference. Each is a file:

  .npz          statistics (mu, sigma) as pytorch-fid, clean-fid and OpenAI's
                guided-diffusion keep them; or features [n,F], named features,
                feats, reps or arr_0
  .npy          features [n,F]
  .safetensors  the tensors features [n,F] and logits [n,K], and which network
                they are of in the metadata: inception, clip, dinov2 or probe

  --metrics LIST      of fid, fid-inf, kid, is, prdc, cmmd (fid). fid looks at
                      statistics or features, is at the samples' logits, cmmd
                      at embeddings of CLIP, the rest at features
  --convention NAME   computes as this program does; each metric says which it
                      knows: pytorch-fid, clean-fid, torch-fidelity,
                      torchmetrics, dgm-eval, stylegan3, ...
  --seed N            another seed of subsets than that program's
  --subset-size N     samples of each of KID's subsets (1000)
  --json              the figures as JSON
  --help              this text
`;

/** Runs the command; returns its exit code. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = readOptions({
    metrics: "value",
    convention: "value",
    seed: "value",
    "subset-size": "value",
    json: "flag",
    help: "flag",
  }, args);
  if (values.help) {
    console.log(USAGE.trimEnd());
    return 0;
  }
  const [samples, reference, ...more] = positionals;
  if (reference === undefined || more.length > 0) {
    throw new UsageError(
      `eval fid takes two files, samples and a reference, not ` +
        `${positionals.length}.`,
    );
  }
  const metrics = readNames("metrics", values.metrics ?? "fid", METRIC_NAMES);
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
  const figures = await compareSets(
    await readSampleSet(samples),
    await readSampleSet(reference),
    metrics as MetricName[],
    options,
  );
  console.log(
    values.json ? JSON.stringify(figures, null, 2) : figuresText(figures),
  );
  return 0;
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

function figuresText(figures: readonly MetricFigure[]): string {
  const reference = figures.find(({ reference }) => reference)?.reference;
  const width = Math.max(...figures.map(({ title }) => title.length));
  const notes = new Set(figures.flatMap(({ notes }) => notes));
  return [
    `samples    ${setText(figures[0].samples)}`,
    ...(reference ? [`reference  ${setText(reference)}`] : []),
    "",
    ...figures.map((figure) => `  ${figureText(figure, width)}`),
    ...[...notes].map((note) => `\n${note}`),
  ].join("\n");
}

function setText({ name, hash, count, width }: SetRecord): string {
  const size = count === undefined ? "" : `${count} samples, `;
  return `${name}: ${size}${width} numbers each, ${hash.slice(0, 12)}`;
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
