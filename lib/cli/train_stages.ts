/** The stages of `train` and what each reads. */

import { basename } from "node:path";
import { embeddedPath } from "../hub/embedded.ts";
import { isFile } from "../run/is_file.ts";
import { UsageError } from "./errors.ts";
import type { StageName } from "./train_configs.ts";

/** A tokenizer that a stage reads, by the option that names it. */
export type TokenizerOption = "tokenizer" | "tokenizer-high";

/** The files of tokenizers that a stage reads, by option. */
export type Tokenizers = Readonly<Partial<Record<TokenizerOption, string>>>;

/** Where the tokenizers of the options are by default, below `weights/`. */
export const TOKENIZERS: Readonly<Record<TokenizerOption, string>> = {
  "tokenizer": "mini/tokenizer.safetensors",
  "tokenizer-high": "mini/tokenizer_high.safetensors",
};

interface StageEntry {
  /** The kind of run: what its configuration looks like. */
  readonly stage: StageName;
  /** The configuration by default, below `weights/`. */
  readonly config: string;
  readonly reads: readonly TokenizerOption[];
}

/** In the order of training (paper, section 2). */
export const STAGES: Readonly<Record<string, StageEntry>> = {
  "tokenizer": {
    stage: "tokenizer",
    config: "mini/tokenizer.json",
    reads: [],
  },
  "tokenizer-high": {
    stage: "tokenizer",
    config: "mini/tokenizer_high.json",
    reads: [],
  },
  "base": {
    stage: "base",
    config: "mini/base.json",
    reads: ["tokenizer"],
  },
  "superres": {
    stage: "superres",
    config: "mini/superres.json",
    reads: ["tokenizer", "tokenizer-high"],
  },
  "decoder": {
    stage: "decoder",
    config: "mini/decoder.json",
    reads: ["tokenizer-high"],
  },
  "judge": {
    stage: "judge",
    config: "mini/judge.json",
    reads: ["tokenizer"],
  },
};

const NAMES = Object.keys(STAGES);

/** Names in a row, the last after an "and". */
function listed(names: readonly string[]): string {
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/**
 * The name of the stage that the command line asks for.
 * @throws UsageError if there is none of that name
 */
export function readStage(positionals: readonly string[]): string {
  const [name] = positionals;
  if (positionals.length === 1 && Object.hasOwn(STAGES, name)) return name;
  throw new UsageError(
    `the stages are ${listed(NAMES)}, not "${positionals.join(" ")}".`,
  );
}

/**
 * The files of the tokenizers that a stage reads.
 *
 * @param given paths by option
 * @throws UsageError for one that it doesn't read
 */
export function readTokenizers(
  name: string,
  given: Readonly<Record<TokenizerOption, string | undefined>>,
): Tokenizers {
  const { reads } = STAGES[name];
  for (const option of Object.keys(TOKENIZERS) as TokenizerOption[]) {
    if (given[option] === undefined || reads.includes(option)) continue;
    const readers = NAMES.filter((other) =>
      STAGES[other].reads.includes(option)
    );
    const stages = readers.length === 1
      ? `stage ${readers[0]}`
      : `stages ${listed(readers)}`;
    throw new UsageError(`--${option} is for the ${stages}.`);
  }
  return Object.fromEntries(reads.map((option) => [
    option,
    given[option] ?? embeddedPath(TOKENIZERS[option]),
  ]));
}

/**
 * Whether the tokenizers that a stage reads unless others are named are there.
 *
 * @param given paths that were named, by option
 * @throws UsageError that says how to come by one that isn't
 */
export function checkTrained(
  tokenizers: Tokenizers,
  given: Tokenizers,
): void {
  for (const [option, path] of Object.entries(tokenizers)) {
    if (given[option as TokenizerOption] !== undefined || isFile(path)) {
      continue;
    }
    throw new UsageError(
      `the model has no ${basename(path)} yet: train ${option} first, write ` +
        `it by \`train ${option} --export FILE\`, and name that by ` +
        `--${option}.`,
    );
  }
}
