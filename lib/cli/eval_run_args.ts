/** What every evaluation of a protocol takes. */

import { type Naming, NAMINGS } from "../../eval/run/image_folder.ts";
import type { Shard } from "../../eval/run/record.ts";
import { readShard } from "../../eval/run/shard.ts";
import type { RunOptions } from "../run/precise_weights.ts";
import { DEVICES } from "../run/device.ts";
import { PRECISIONS } from "../run/precision.ts";
import type { ThreadOptions } from "../run/session.ts";
import { UsageError } from "./errors.ts";
import {
  readSettings,
  SETTING_OPTIONS,
  SETTING_USAGE,
} from "./generate_settings.ts";
import type { Options } from "./options.ts";
import {
  PUBLISHED_OPTIONS,
  PUBLISHED_USAGE,
  type PublishedRequest,
  readPublished,
} from "./published_args.ts";
import { readRuntime, RUNTIME_OPTIONS } from "./runtime_args.ts";
import type { AskedSettings } from "./setting_forms.ts";
import { superresOption } from "./superres_settings.ts";
import {
  type Batch,
  readBatch,
  readKnown,
  readText,
  readWhole,
} from "./values.ts";

/** What is drawn or read, and where the run is. */
export interface RunRequest {
  readonly samples: number | undefined;
  readonly seed: number;
  /** Undefined for a folder named after what is in it. */
  readonly out: string | undefined;
  readonly pictures:
    | { readonly kind: "model"; readonly settings: AskedSettings }
    | {
      readonly kind: "images";
      readonly folder: string;
      readonly namedBy: Naming | undefined;
    };
  readonly shard: Shard | undefined;
  readonly model: string;
  readonly weights: string | undefined;
  readonly published: PublishedRequest;
  readonly batch: Batch;
  /** How the model is run; see also {@linkcode measuringOf}. */
  readonly run: RunOptions;
  /** A file that the prompts are written to, and nothing else is done. */
  readonly list: string | undefined;
  readonly json: boolean;
}

/** The options that it is read from. */
export const RUN_OPTIONS = {
  samples: "value",
  seed: "value",
  out: "value",
  images: "value",
  "named-by": "value",
  list: "value",
  shard: "value",
  model: "value",
  weights: "value",
  batch: "value",
  ...RUNTIME_OPTIONS,
  ...SETTING_OPTIONS,
  ...PUBLISHED_OPTIONS,
  json: "flag",
  help: "flag",
} as const;

/** Their values, undefined where an option is absent. */
export type RunValues = Options<typeof RUN_OPTIONS>["values"];

/**
 * What a protocol says in its help first.
 * @param beside options that belong beside --samples, in whole lines
 */
export function runUsage(samples: string, model: string, beside = ""): string {
  return `\
  --samples N             pictures (${samples})
${beside}\
  --seed S                seed of the first; the next ones follow (0)
  --model NAME            as for generate (${model})
  --images FOLDER         another system's pictures instead, named 0.png, 1.png …
                          or as the data set's own
  --named-by WHAT         which of the two, where both fit: ${
    NAMINGS.join(" or ")
  }
  --list FILE             only write the prompts, a JSON object a line
  --out FOLDER            of the run (runs/, and what it is of)
  --shard K/N             only part K of N; put together by \`eval merge\`. N
                          alone, or nothing, in an array of jobs of SLURM; N in
                          an indexed job of Kubernetes
${SETTING_USAGE}
  --weights FOLDER        a folder of other models, with a manifest.json
  --batch N               pictures drawn at once (8); auto for as many as are
                          drawn fastest, which is tried once on a machine
  --threads N             threads; no figure changes (every core)
  --precision NAME        of the model, ${PRECISIONS.join(", ")}
                          (${PRECISIONS[0]}); what measures is in fp32 always
  --device NAME           ${DEVICES.join(", ")} (${DEVICES[0]})
${PUBLISHED_USAGE}
  --json                  print the figures as JSON
  --help                  this text`;
}

/** Said of every protocol at the end. */
export const RUN_ENDING: string = `\
A run that was stopped goes on with the same command. Its folder says in run.json
what the numbers depend on, and holds the pictures, features, metrics.json and
report.html, a page of all of it.`;

/** What a protocol chooses itself. */
export interface RunDefaults {
  readonly model: string;
  /** Pictures as small as the base draws them. */
  readonly small: boolean;
  /** Samples that its figures need; two by default. */
  readonly fewest?: number;
}

/**
 * Reads and checks them.
 * @throws UsageError
 */
export function readRun(
  values: RunValues,
  { model, small, fewest = 2 }: RunDefaults,
): RunRequest {
  const images = readText("images", values.images);
  if (images === undefined && values["named-by"] !== undefined) {
    throw new UsageError("--named-by is of the pictures of --images.");
  }
  const named = readText("model", values.model) ?? model;
  return {
    samples: values.samples === undefined
      ? undefined
      : readWhole("samples", values.samples, fewest, 10_000_000),
    seed: readWhole("seed", values.seed ?? "0", 0, 2 ** 48),
    out: readText("out", values.out),
    pictures: images === undefined
      ? { kind: "model", settings: settingsOf(values, named, small) }
      : readImages(values, images),
    shard: readPart(values.shard),
    model: named,
    weights: readText("weights", values.weights),
    published: readPublished({ ...values, model: named }),
    batch: readBatch(values.batch ?? "8"),
    run: readRuntime(values),
    list: readText("list", values.list),
    json: values.json,
  };
}

function settingsOf(
  values: RunValues,
  model: string,
  small: boolean,
): AskedSettings {
  const asBase = small && superresOption(values) === undefined;
  return readSettings({
    ...values,
    model,
    ...(asBase ? { "no-superres": true } : {}),
  });
}

/** Options that say how pictures are drawn. */
const DRAWING = [
  "model",
  "weights",
  "batch",
  "precision",
  ...Object.keys(SETTING_OPTIONS),
  ...Object.keys(PUBLISHED_OPTIONS),
] as (keyof RunValues)[];

function readImages(
  values: RunValues,
  folder: string,
): RunRequest["pictures"] {
  const odd = DRAWING.find((name) => values[name]);
  if (odd === undefined) {
    return { kind: "images", folder, namedBy: namingOf(values) };
  }
  throw new UsageError(
    `--images is of pictures that are drawn already; leave out --${odd}.`,
  );
}

function namingOf({ "named-by": text }: RunValues): Naming | undefined {
  return text === undefined ? undefined : readKnown("named-by", text, NAMINGS);
}

/**
 * How networks that measure are run: in fp32 always, so that figures of a model
 * compare whatever it draws in.
 */
export function measuringOf(
  { run: { threads, device } }: Pick<RunRequest, "run">,
): ThreadOptions {
  return { threads, device };
}

/**
 * Reads which part of a run this is.
 * @throws UsageError
 */
export function readPart(text: string | undefined): Shard | undefined {
  try {
    return readShard(text);
  } catch (error) {
    throw new UsageError(`${(error as Error).message}.`);
  }
}
