/** What commands that draw take for published models. */

import type { AdapterFile } from "../amused/adapters.ts";
import type { Extent } from "../vqgan/config.ts";
import { UsageError } from "./errors.ts";
import { modelKind } from "./model_kind.ts";
import type { Options } from "./options.ts";
import { readNumber, readText } from "./values.ts";

/** How a published model is loaded. */
export interface PublishedRequest {
  /** Height and width of the pictures; undefined for the model's own. */
  readonly size: Extent | undefined;
  readonly adapters: readonly AdapterFile[];
  readonly lowMemory: boolean;
  /** Download without asking. */
  readonly yes: boolean;
}

/** The options that it is read from. */
export const PUBLISHED_OPTIONS = {
  size: "value",
  lora: "value",
  "lora-scale": "value",
  "low-memory": "flag",
  yes: "flag",
} as const;

/** Those that aMUSEd alone has. */
const AMUSED_OPTIONS = ["size", "lora", "lora-scale"];

/** What a command's help says of them. */
export const PUBLISHED_USAGE: string = `\
  --size WIDTHxHEIGHT     of pictures of a published model (its own), in
                          multiples of 16 pixels, or 32
  --lora FILE             adapters for a published model, .safetensors; several
                          with commas between them
  --lora-scale X          how much of them is added (1); for all, or a list
  --low-memory            load each part of a published model when it is needed,
                          and free the text encoder before the transformer
  --yes                   download a published model without asking`;

/**
 * Reads and checks them.
 * @throws UsageError
 */
export function readPublished(
  values:
    & Options<typeof PUBLISHED_OPTIONS>["values"]
    & { readonly model?: string; readonly weights?: string },
): PublishedRequest {
  const kind = modelKind(values.model, values.weights);
  const refused: readonly string[] = kind.kind === "own"
    ? Object.keys(PUBLISHED_OPTIONS)
    : kind.family === "amused"
    ? []
    : AMUSED_OPTIONS;
  for (const name of refused) {
    if (!values[name as keyof typeof PUBLISHED_OPTIONS]) continue;
    const whom = kind.kind === "own" ? "published models" : "aMUSEd's models";
    throw new UsageError(
      `--${name} is for ${whom}, such as --model amused-256.`,
    );
  }
  return {
    size: values.size === undefined ? undefined : readSize(values.size),
    adapters: readAdapters(values.lora, values["lora-scale"]),
    lowMemory: values["low-memory"],
    yes: values.yes,
  };
}

function readSize(text: string): Extent {
  const [, width, height] = /^(\d+)x(\d+)$/i.exec(text) ?? [];
  const size = [+height, +width] as const;
  if (size.every((side) => side > 0 && side % 16 === 0 && side <= 4096)) {
    return size;
  }
  throw new UsageError(
    `--size is WIDTHxHEIGHT in multiples of 16 pixels, such as 512x256, not ` +
      `"${text}".`,
  );
}

function readAdapters(
  files: string | undefined,
  scales: string | undefined,
): AdapterFile[] {
  const paths = readText("lora", files)?.split(",").map((path) => path.trim());
  if (!paths) {
    if (scales === undefined) return [];
    throw new UsageError("--lora-scale needs a --lora.");
  }
  const numbers = (scales ?? "1").split(",")
    .map((text) => readNumber("lora-scale", text, -100, 100));
  if (numbers.length !== 1 && numbers.length !== paths.length) {
    throw new UsageError(
      `--lora-scale lists ${numbers.length} scales for ${paths.length} files; ` +
        `give one for each, or one for all.`,
    );
  }
  return paths.map((path, i) => ({ path, scale: numbers[i] ?? numbers[0] }));
}
