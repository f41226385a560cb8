/** Prompts, from the command line or a file. */

import { UsageError } from "./errors.ts";
import { readGiven } from "./files.ts";

/** One prompt of a file. */
export interface PromptLine {
  readonly prompt: string;
  /** If the line says one. */
  readonly seed?: number;
}

/** What is wrong with a prompt, or undefined. */
export function checkPrompt(prompt: string): string | undefined {
  if (prompt.trim() === "") return "the prompt is empty.";
  if (prompt.includes("\0")) return "the prompt holds a NUL character.";
}

/**
 * Reads a `.txt` file with one prompt a line, or a `.jsonl` file with one
 * object a line. Blank lines count for nothing but the numbers in errors.
 *
 * @throws UsageError that names the line for what is not a prompt
 */
export async function readPrompts(path: string): Promise<PromptLine[]> {
  const ending = /\.(txt|jsonl)$/i.exec(path)?.[1].toLowerCase();
  if (ending === undefined) {
    throw new UsageError(`--prompts is a .txt or .jsonl file, not "${path}".`);
  }
  const parse = ending === "jsonl"
    ? parseJsonLine
    : (line: string): PromptLine => ({ prompt: line });
  const prompts: PromptLine[] = [];
  for (const [i, line] of (await readLines(path)).entries()) {
    if (line.trim() === "") continue;
    const refuse: Refuse = (problem) => {
      throw new UsageError(`${path}, line ${i + 1}: ${problem}`);
    };
    const { prompt, seed } = parse(line, refuse);
    const problem = checkPrompt(prompt);
    if (problem) refuse(problem);
    prompts.push({
      prompt: prompt.trim(),
      ...(seed === undefined ? {} : { seed }),
    });
  }
  if (prompts.length > 0) return prompts;
  throw new UsageError(`${path} holds no prompt.`);
}

async function readLines(path: string): Promise<string[]> {
  const bytes = await readGiven(path);
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.split(/\r?\n/);
  } catch {
    throw new UsageError(`${path} is not UTF-8 text.`);
  }
}

/** Throws with the number of the line. */
type Refuse = (problem: string) => never;

function parseJsonLine(line: string, refuse: Refuse): PromptLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    refuse("it is not JSON.");
  }
  if (typeof value !== "object" || value === null || !("prompt" in value)) {
    return refuse('it is not an object with a "prompt".');
  }
  if (typeof value.prompt !== "string") {
    return refuse('its "prompt" is not a string.');
  }
  if (!("seed" in value) || value.seed === null) {
    return { prompt: value.prompt };
  }
  const { seed } = value;
  // Room for as many pictures as --count allows.
  const most = Number.MAX_SAFE_INTEGER - 1024;
  if (
    typeof seed !== "number" || !Number.isInteger(seed) || seed < 0 ||
    seed > most
  ) {
    return refuse(`its "seed" is not a whole number from 0 up.`);
  }
  return { prompt: value.prompt, seed };
}
