/** Which pictures `generate` draws, and what their files are called. */

import { join } from "node:path";
import { UsageError } from "./errors.ts";
import type { GenerateRequest } from "./generate_args.ts";
import type { PromptLine } from "./prompts.ts";

/** One prompt's pictures. */
export interface PlannedPrompt {
  readonly prompt: string;
  readonly seeds: readonly number[];
  /** A file for each seed. */
  readonly paths: readonly string[];
  /** The contact sheet's file, if there is more than one picture. */
  readonly sheet: string | undefined;
}

/** All pictures of a request. */
export interface Plan {
  readonly prompts: readonly PlannedPrompt[];
  /** The user named the file, so that what is there is replaced. */
  readonly replaces: boolean;
}

/** Longest part of a file's name that comes from a prompt, in letters. */
const LONGEST_NAME = 48;

/**
 * Names the files of every picture.
 * @throws UsageError if --out can't hold them
 */
export function planFiles(
  { out, count, seed, trace }: Pick<
    GenerateRequest,
    "out" | "count" | "seed" | "trace"
  >,
  lines: readonly PromptLine[],
): Plan {
  const replaces = isPngFile(out);
  if (replaces && lines.length > 1) {
    throw new UsageError(
      `--out is a folder where there are ${lines.length} prompts, not "${out}".`,
    );
  }
  if (trace && lines.length > 1) {
    throw new UsageError(
      `--trace shows one picture, but there are ${lines.length} prompts.`,
    );
  }
  const digits = String(lines.length).length;
  const prompts = lines.map((line, i) => {
    const first = line.seed ?? seed;
    const seeds = Array.from({ length: count }, (_, j) => first + j);
    const number = lines.length > 1
      ? `${String(i + 1).padStart(digits, "0")}-`
      : "";
    const stem = replaces
      ? out.replace(/\.png$/i, "")
      : join(out, number + fileName(line.prompt));
    const range = `${stem}-${first}-to-${first + count - 1}.png`;
    return {
      prompt: line.prompt,
      seeds,
      paths: replaces && count === 1
        ? [out]
        : seeds.map((one) => `${stem}-${one}.png`),
      sheet: count === 1 ? undefined : replaces ? out : range,
    };
  });
  return { prompts, replaces };
}

/** Whether --out names a picture, and not a folder. */
function isPngFile(out: string): boolean {
  let isFolder = /[\\/]$/.test(out);
  try {
    isFolder ||= Deno.statSync(out).isDirectory;
  } catch { // there is nothing yet
  }
  if (isFolder) return false;
  if (/\.(?:jpe?g|gif|webp|avif|bmp|tiff?|svg|html?)$/i.test(out)) {
    throw new UsageError(`--out is a .png file or a folder, not "${out}".`);
  }
  return /\.png$/i.test(out);
}

/** The letters and digits of a prompt: "A red apple!" -> "a-red-apple". */
export function fileName(prompt: string): string {
  const words = prompt
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .normalize("NFC")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
  let name = "";
  for (const word of words) {
    const longer = name === "" ? word : `${name}-${word}`;
    if ([...longer].length > LONGEST_NAME) break;
    name = longer;
  }
  const cut = name || [...words[0] ?? ""].slice(0, LONGEST_NAME).join("");
  return cut || "picture";
}
