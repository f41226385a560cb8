/** What `generate` was asked for. */

import { DEFAULTS, type GenerateOptions } from "../muse/options.ts";
import {
  maskedCounts,
  type Schedule,
  SCHEDULE_NAMES,
} from "../muse/schedule.ts";
import { UsageError } from "./errors.ts";
import { readOptions } from "./options.ts";
import { checkPrompt } from "./prompts.ts";
import {
  guidanceText,
  isGuided,
  readGuidance,
  readNumber,
  readSchedule,
  readWhole,
  scheduleSteps,
} from "./values.ts";

/** The checked command line. */
export interface GenerateRequest {
  readonly source:
    | { readonly kind: "prompt"; readonly prompt: string }
    | { readonly kind: "file"; readonly path: string };
  readonly out: string;
  /** Pictures of each prompt. */
  readonly count: number;
  /** Seed of a prompt's first picture. */
  readonly seed: number;
  readonly settings: Omit<GenerateOptions, "seed">;
  readonly topK: number | undefined;
  readonly model: string;
  /** Folder with the models; undefined for that of the repository. */
  readonly weights: string | undefined;
  /** Pictures drawn at once. */
  readonly batch: number;
  readonly trace: TraceRequest | undefined;
  readonly json: boolean;
}

/** A file that shows the decode. */
export interface TraceRequest {
  readonly path: string;
  readonly format: "html" | "gif";
}

export const USAGE = `Usage: generate "PROMPT" [options]
       generate --prompts FILE [options]

Draws pictures of a prompt, or of every prompt in a file.

  --prompts FILE          a .txt file with one prompt a line, or a .jsonl file
                          with {"prompt": "…"} a line, perhaps with a "seed"
  --out PATH              a .png file or a folder (out)
  --count N               pictures of each prompt, and a contact sheet (1)
  --seed S                seed of the first; the next ones follow (${DEFAULTS.seed})
  --steps N               decode steps (${DEFAULTS.steps})
  --schedule NAME|LIST    ${SCHEDULE_NAMES.join(", ")};
                          or what is unknown after each step, as fractions
                          like 0.7,0.3,0 or as counts (${DEFAULTS.schedule})
  --guidance T|A..B       scale t in every step, or in the first and the last
                          (${guidanceText(DEFAULTS.guidance)})
  --temperature X         of the tokens' distribution (${DEFAULTS.temperature})
  --choice-temperature X  of the noise on which tokens are kept (${DEFAULTS.choiceTemperature})
  --top-k K               draw from the K likeliest tokens only
  --negative TEXT         what guidance leads away from
  --model NAME            a model of the repository (mini)
  --weights FOLDER        a folder of other models, with a manifest.json
  --batch N               pictures drawn at once (8)
  --trace FILE            the decode step by step, .html or .gif
  --json                  print one JSON object and nothing else
  --help                  this text

In a folder, pictures are named by prompt and seed. A picture there is replaced
by itself only: another one of the same name gets a number. A .png file named
by --out, and the --trace file, are replaced.
`;

const OPTIONS = {
  prompts: "value",
  out: "value",
  count: "value",
  seed: "value",
  steps: "value",
  schedule: "value",
  guidance: "value",
  temperature: "value",
  "choice-temperature": "value",
  "top-k": "value",
  negative: "value",
  model: "value",
  weights: "value",
  batch: "value",
  trace: "value",
  json: "flag",
  help: "flag",
} as const;

type Values = ReturnType<typeof readOptions<typeof OPTIONS>>["values"];

/**
 * Reads and checks the command line.
 * @returns undefined when help was asked for
 * @throws UsageError
 */
export function readRequest(args: string[]): GenerateRequest | undefined {
  const { positionals, values } = readOptions(OPTIONS, args);
  if (values.help) return undefined;
  const count = readWhole("count", values.count ?? "1", 1, 1024);
  const seed = readWhole("seed", values.seed ?? String(DEFAULTS.seed), 0);
  if (!Number.isSafeInteger(seed + count)) {
    throw new UsageError(`--seed ${values.seed} is too large.`);
  }
  const request: GenerateRequest = {
    source: readSource(positionals, values.prompts),
    out: readText("out", values.out) ?? "out",
    count,
    seed,
    settings: readSettings(values),
    topK: values["top-k"] === undefined
      ? undefined
      : readWhole("top-k", values["top-k"], 1),
    model: readText("model", values.model) ?? "mini",
    weights: readText("weights", values.weights),
    batch: readWhole("batch", values.batch ?? "8", 1, 256),
    trace: readTrace(values.trace),
    json: values.json,
  };
  if (request.trace && count > 1) {
    throw new UsageError("--trace shows one picture; leave out --count.");
  }
  return request;
}

function readSource(
  positionals: readonly string[],
  prompts: string | undefined,
): GenerateRequest["source"] {
  if (prompts !== undefined) {
    if (positionals.length > 0) {
      throw new UsageError(
        `give a prompt or --prompts, not both ("${positionals.join(" ")}").`,
      );
    }
    return { kind: "file", path: readText("prompts", prompts)! };
  }
  if (positionals.length === 0) {
    throw new UsageError('a prompt is missing, such as "a red apple".');
  }
  if (positionals.length > 1) {
    throw new UsageError(
      `a prompt of several words needs quotes: "${positionals.join(" ")}".`,
    );
  }
  const problem = checkPrompt(positionals[0]);
  if (problem) throw new UsageError(problem);
  return { kind: "prompt", prompt: positionals[0].trim() };
}

function readSettings(values: Values): GenerateRequest["settings"] {
  const schedule = values.schedule === undefined
    ? DEFAULTS.schedule
    : readSchedule(values.schedule);
  const guidance = values.guidance === undefined
    ? DEFAULTS.guidance
    : readGuidance(values.guidance);
  const negative = readText("negative", values.negative)?.trim();
  if (negative !== undefined && !isGuided(guidance)) {
    throw new UsageError("--negative needs a --guidance above 0.");
  }
  const temperature = (name: "temperature" | "choice-temperature") => {
    const text = values[name];
    return text === undefined ? undefined : readNumber(name, text, 0, 1000);
  };
  return {
    steps: readSteps(values.steps, schedule),
    schedule,
    guidance,
    temperature: temperature("temperature") ?? DEFAULTS.temperature,
    choiceTemperature: temperature("choice-temperature") ??
      DEFAULTS.choiceTemperature,
    ...(negative === undefined ? {} : { negative }),
  };
}

/** More steps than any model has tokens would find nothing. */
const MOST_STEPS = 4096;

function readSteps(text: string | undefined, schedule: Schedule): number {
  const listed = scheduleSteps(schedule);
  const steps = text === undefined
    ? listed ?? DEFAULTS.steps
    : readWhole("steps", text, 1, MOST_STEPS);
  if (listed !== undefined && steps !== listed) {
    throw new UsageError(
      `--schedule lists ${listed} steps, but --steps is ${steps}; leave it ` +
        `out.`,
    );
  }
  try {
    maskedCounts(schedule, 1, steps);
  } catch (error) {
    throw new UsageError(`--schedule: ${(error as Error).message}.`);
  }
  return steps;
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

/** A text that is not blank, if there is one. */
function readText(name: string, text: string | undefined): string | undefined {
  if (text?.trim() === "") throw new UsageError(`--${name} is empty.`);
  return text;
}
