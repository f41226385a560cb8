/** What `edit` was asked for. */

import {
  BEST_USAGE,
  DRAW_OPTIONS,
  type DrawRequest,
  END_USAGE,
  HOW_USAGE,
  readDraw,
  WHICH_USAGE,
} from "./draw_args.ts";
import type { Change } from "./edit_change.ts";
import { CHANGES } from "./edit_changes.ts";
import { UsageError } from "./errors.ts";
import { didYouMean } from "../run/nearest.ts";
import { readOptions } from "./options.ts";
import { checkPrompt } from "./prompts.ts";

/** The checked command line. */
export interface EditRequest extends DrawRequest {
  /** Path of the picture. */
  readonly picture: string;
  readonly prompt: string;
  readonly change: Change;
}

const NAMES = Object.keys(CHANGES) as Change["kind"][];

/** What `edit --help` says. */
const USAGE = `Usage: edit KIND PICTURE "PROMPT" [options]

${
  NAMES.map((name) => `  ${name.padEnd(9)} ${CHANGES[name].summary}`)
    .join("\n")
}

\`deno task edit KIND --help\` explains a kind of edit.
`;

/** What the help of a kind says. */
function usageOf(name: Change["kind"]): string {
  return `Usage: edit ${name} PICTURE "PROMPT" [options]

${CHANGES[name].about}

${CHANGES[name].usage}
${WHICH_USAGE}
${BEST_USAGE}
${HOW_USAGE}
${END_USAGE}

Pictures are files of any size and common format; what is transparent in them
counts as white. The result is a PNG file of the same size. In a folder, it is
named by picture, kind, prompt and seed; a picture there is replaced by itself
only, another one of the same name gets a number. A .png file named by --out,
and the --trace file, are replaced.
`;
}

/** A request, or the help that was asked for. */
export type EditCommand =
  | { readonly help: string }
  | { readonly request: EditRequest };

/**
 * Reads and checks the command line.
 * @throws UsageError
 */
export function readEdit([name, ...args]: string[]): EditCommand {
  if (name === "--help" || name === "-h") return { help: USAGE };
  const kind = NAMES.find((known) => known === name);
  if (kind) return readKind(kind, args);
  throw new UsageError(
    name === undefined
      ? `say how to edit: ${NAMES.join(", ")}.`
      : `there is no edit "${name}"; ${didYouMean(name, NAMES)}`,
  );
}

function readKind(
  name: Change["kind"],
  args: string[],
): EditCommand {
  const form = CHANGES[name];
  const { positionals, values } = readOptions(
    { ...form.options, ...DRAW_OPTIONS },
    args,
  );
  if (values.help) return { help: usageOf(name) };
  const [picture, prompt, ...rest] = positionals;
  if (picture === undefined) {
    throw new UsageError("a picture is missing: the path of its file.");
  }
  if (prompt === undefined) {
    throw new UsageError('a prompt is missing, such as "a red apple".');
  }
  if (rest.length > 0) {
    throw new UsageError(
      `a prompt of several words needs quotes: ` +
        `"${positionals.slice(1).join(" ")}".`,
    );
  }
  const problem = checkPrompt(prompt);
  if (problem) throw new UsageError(problem);
  return {
    request: {
      ...readDraw(values),
      picture,
      prompt: prompt.trim(),
      change: form.read(values),
    },
  };
}
