/** What every command that draws pictures takes. */

import { join } from "node:path";
import type { ScoreName } from "../../eval/scores.ts";
import { DEFAULTS } from "../muse/options.ts";
import { UsageError } from "./errors.ts";
import type { Options } from "./options.ts";
import {
  PUBLISHED_OPTIONS,
  PUBLISHED_USAGE,
  type PublishedRequest,
  readPublished,
} from "./published_args.ts";
import { cacheFolder } from "../run/cache_folder.ts";
import type { RunOptions } from "../run/precise_weights.ts";
import { readRuntime, RUNTIME_OPTIONS, RUNTIME_USAGE } from "./runtime_args.ts";
import { type Batch, readBatch, readText, readWhole } from "./values.ts";

/** Which pictures are drawn, by what model, and where they go. */
export interface DrawRequest {
  /** A .png file or a folder. */
  readonly out: string;
  /** Pictures of each prompt. */
  readonly count: number;
  /** Seed of a prompt's first picture. */
  readonly seed: number;
  readonly model: string;
  /** Folder with the models; undefined for that of the repository. */
  readonly weights: string | undefined;
  readonly batch: Batch;
  /** How the networks are run. */
  readonly run: RunOptions;
  /** Keep the best of several candidates for each picture. */
  readonly best: BestRequest | undefined;
  /** How a published model is loaded. */
  readonly published: PublishedRequest;
  readonly trace: TraceRequest | undefined;
  readonly json: boolean;
}

/** How the best of several candidates is found. */
export type BestRequest =
  /** By the model itself. */
  | { readonly count: number; readonly score: ScoreName }
  | {
    readonly count: number;
    readonly score: "clip";
    /** A path, or the name of a published one. */
    readonly clip: string;
  };

/** Named here, so that what computes them is loaded when it is needed. */
const OWN_SCORES = ["likelihood", "agreement"] as const satisfies ScoreName[];
const SCORES = [...OWN_SCORES, "clip"] as const;

/** The CLIP of the paper's comparisons that were published with code. */
const CLIP = "clip-vit-base-patch32";

/** A file that shows the drawing step by step. */
export interface TraceRequest {
  readonly path: string;
  readonly format: "html" | "gif";
}

/** The options that it is read from. */
export const DRAW_OPTIONS = {
  out: "value",
  count: "value",
  seed: "value",
  model: "value",
  weights: "value",
  batch: "value",
  ...RUNTIME_OPTIONS,
  "no-text-cache": "flag",
  "best-of": "value",
  score: "value",
  clip: "value",
  ...PUBLISHED_OPTIONS,
  trace: "value",
  json: "flag",
  help: "flag",
} as const;

/** Their values, undefined where an option is absent. */
export type DrawValues = Options<typeof DRAW_OPTIONS>["values"];

/** What a command's help says first of them. */
export const WHICH_USAGE: string = `\
  --out PATH              a .png file or a folder (out)
  --count N               pictures of each prompt, and a contact sheet (1)
  --seed S                seed of the first; the next ones follow (${DEFAULTS.seed})`;

/** Then, after the settings. */
export const BEST_USAGE: string = `\
  --best-of N             draw N candidates for each picture and keep the best
  --score NAME            what is best: ${OWN_SCORES.join(" or ")}, by the model
                          itself, or clip (${SCORES[0]})
  --clip NAME             the CLIP that scores: a published one, a folder or a
                          file (${CLIP})`;

/** And last. */
export const HOW_USAGE: string = `\
  --model NAME            a model of the repository (mini), or a folder with
                          tokenizer.safetensors and base.safetensors; amused-256
                          or amused-512, a folder as diffusers saves it, or
                          organization/name of the hub; muse-cc3m, or a folder
                          with its files
  --weights FOLDER        a folder of other models, with a manifest.json
  --batch N               pictures drawn at once (8); auto for as many as are
                          drawn fastest, which is tried once on a machine
${RUNTIME_USAGE}
  --no-text-cache         read every text anew; else what was said of texts is
                          kept in the cache, about 1 GB at most
${PUBLISHED_USAGE}`;

/** How `--trace`, `--json` and `--help` read in it. */
export const END_USAGE: string = `\
  --trace FILE            the drawing step by step, .html or .gif
  --json                  print one JSON object and nothing else
  --help                  this text`;

/**
 * Reads and checks them.
 * @throws UsageError
 */
export function readDraw(values: DrawValues): DrawRequest {
  const best = readBest(values);
  const count = readWhole("count", values.count ?? "1", 1, 1024);
  const seed = readWhole("seed", values.seed ?? String(DEFAULTS.seed), 0);
  if (!Number.isSafeInteger((seed + count) * (best?.count ?? 1))) {
    throw new UsageError(`--seed ${values.seed} is too large.`);
  }
  const trace = readTrace(values.trace);
  if (trace && count > 1) {
    throw new UsageError("--trace shows one picture; leave out --count.");
  }
  return {
    out: readText("out", values.out) ?? "out",
    count,
    seed,
    model: readText("model", values.model) ?? "mini",
    weights: readText("weights", values.weights),
    batch: readBatch(values.batch ?? "8"),
    run: {
      ...readRuntime(values),
      texts: values["no-text-cache"] ? undefined : join(cacheFolder(), "texts"),
    },
    best,
    published: readPublished(values),
    trace,
    json: values.json,
  };
}

function readBest(
  { "best-of": count, score, clip }: DrawValues,
): BestRequest | undefined {
  const name = score === undefined
    ? SCORES[clip === undefined ? 0 : SCORES.indexOf("clip")]
    : SCORES.find((one) => one === score);
  if (name === undefined) {
    throw new UsageError(
      `--score is ${OWN_SCORES.join(", ")} or clip, not "${score}".`,
    );
  }
  if (clip !== undefined && name !== "clip") {
    throw new UsageError(`--clip is for --score clip, not for ${name}.`);
  }
  if (count === undefined) {
    if (score === undefined && clip === undefined) return undefined;
    const option = score === undefined ? "clip" : "score";
    throw new UsageError(
      `--${option} chooses among candidates; add --best-of.`,
    );
  }
  const candidates = readWhole("best-of", count, 1, 1024);
  return name === "clip"
    ? { count: candidates, score: name, clip: readText("clip", clip) ?? CLIP }
    : { count: candidates, score: name };
}

function readTrace(path: string | undefined): TraceRequest | undefined {
  const text = readText("trace", path);
  if (text === undefined) return undefined;
  const ending = /\.(html|gif)$/i.exec(text)?.[1].toLowerCase();
  if (ending === undefined) {
    throw new UsageError(`--trace is an .html or .gif file, not "${text}".`);
  }
  return { path: text, format: ending as TraceRequest["format"] };
}
