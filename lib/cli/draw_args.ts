/** What every command that draws pictures takes. */

import type { ScoreName } from "../../eval/scores.ts";
import { DEFAULTS } from "../muse/options.ts";
import { UsageError } from "./errors.ts";
import type { Options } from "./options.ts";
import { readText, readWhole } from "./values.ts";

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
  /** Pictures drawn at once. */
  readonly batch: number;
  /** Threads that draw; undefined for every core. */
  readonly threads: number | undefined;
  /** Keep the best of several candidates for each picture. */
  readonly best: BestRequest | undefined;
  readonly trace: TraceRequest | undefined;
  readonly json: boolean;
}

/** How the best of several candidates is found. */
export interface BestRequest {
  readonly count: number;
  readonly score: ScoreName;
}

/** Named here, so that what computes them is loaded when it is needed. */
const SCORES = ["likelihood", "agreement"] as const satisfies ScoreName[];

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
  threads: "value",
  "best-of": "value",
  score: "value",
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
  --score NAME            what is best: ${SCORES.join(" or ")}, by the model
                          itself (${SCORES[0]})`;

/** And last. */
export const HOW_USAGE: string = `\
  --model NAME            a model of the repository (mini), or a folder with
                          tokenizer.safetensors and base.safetensors
  --weights FOLDER        a folder of other models, with a manifest.json
  --batch N               pictures drawn at once (8)
  --threads N             threads that draw; the pictures don't change (every
                          core)`;

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
  const best = readBest(values["best-of"], values.score);
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
    batch: readWhole("batch", values.batch ?? "8", 1, 256),
    threads: values.threads === undefined
      ? undefined
      : readWhole("threads", values.threads, 1, 256),
    best,
    trace,
    json: values.json,
  };
}

function readBest(
  count: string | undefined,
  score: string | undefined,
): BestRequest | undefined {
  const name = score === undefined
    ? SCORES[0]
    : SCORES.find((one) => one === score);
  if (name === undefined) {
    throw new UsageError(`--score is ${SCORES.join(" or ")}, not "${score}".`);
  }
  if (count !== undefined) {
    return { count: readWhole("best-of", count, 1, 1024), score: name };
  }
  if (score !== undefined) {
    throw new UsageError("--score chooses among candidates; add --best-of.");
  }
  return undefined;
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
