/** What `generate` was asked for. */

import {
  BEST_USAGE,
  DRAW_OPTIONS,
  type DrawRequest,
  END_USAGE,
  HOW_USAGE,
  readDraw,
  WHICH_USAGE,
} from "./draw_args.ts";
import { UsageError } from "./errors.ts";
import {
  readSettings,
  SETTING_OPTIONS,
  SETTING_USAGE,
} from "./generate_settings.ts";
import { readOptions } from "./options.ts";
import { checkPrompt } from "./prompts.ts";
import {
  readSheet,
  SHEET_OPTIONS,
  SHEET_USAGE,
  type SheetRequest,
} from "./prompt_sheet.ts";
import type { AskedSettings } from "./setting_forms.ts";
import { readText } from "./values.ts";

/** The checked command line. */
export interface GenerateRequest extends DrawRequest {
  readonly source:
    | { readonly kind: "prompt"; readonly prompt: string }
    | { readonly kind: "file"; readonly path: string };
  readonly settings: AskedSettings;
  readonly sheet: SheetRequest | undefined;
}

export const USAGE = `Usage: generate "PROMPT" [options]
       generate --prompts FILE [options]

Draws pictures of a prompt, or of every prompt in a file.

  --prompts FILE          a .txt file with one prompt a line, or a .jsonl file
                          with {"prompt": "…"} a line, perhaps with a "seed"
${WHICH_USAGE}
${SHEET_USAGE}
${SETTING_USAGE}
${BEST_USAGE}
${HOW_USAGE}
${END_USAGE}

In a folder, pictures are named by prompt and seed. A picture there is replaced
by itself only: another one of the same name gets a number. A .png file named
by --out, and the --sheet and --trace files, are replaced.
`;

const OPTIONS = {
  prompts: "value",
  ...SETTING_OPTIONS,
  ...DRAW_OPTIONS,
  ...SHEET_OPTIONS,
} as const;

/**
 * Reads and checks the command line.
 * @returns undefined when help was asked for
 * @throws UsageError
 */
export function readRequest(args: string[]): GenerateRequest | undefined {
  const { positionals, values } = readOptions(OPTIONS, args);
  if (values.help) return undefined;
  return {
    ...readDraw(values),
    source: readSource(positionals, values.prompts),
    settings: readSettings(values),
    sheet: readSheet(values),
  };
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
