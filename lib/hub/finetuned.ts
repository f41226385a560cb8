/** The tokenizers whose decoders were finetuned. */

import { dirname, join } from "node:path";
import { readSafetensorsHeader } from "../run/safetensors.ts";
import { finetunedFrom } from "./check_tokenizer.ts";
import { measureFile } from "./embedded.ts";

/** What a tokenizer was before its decoder was finetuned. */
export interface BeforeFinetuning {
  /** SHA-256 of that tokenizer's file, whose tokens are the same. */
  readonly tokensOf: string;
  /** Its path, if it was found. */
  readonly path?: string;
}

/**
 * What a file says of the tokenizer that its decoder was finetuned from, and
 * where that is: another file of its folder, or of a second one.
 *
 * @returns undefined if the decoder was not finetuned
 * @throws Error if a file can't be read
 */
export async function beforeFinetuning(
  path: string,
  folder?: string,
): Promise<BeforeFinetuning | undefined> {
  const tokensOf = await finetunedFrom(path);
  if (tokensOf === undefined) return undefined;
  const folders = folder === undefined
    ? [dirname(path)]
    : [dirname(path), folder];
  for (const other of folders.flatMap(safetensorsIn)) {
    const { metadata } = await readSafetensorsHeader(other);
    if (metadata.stage !== "tokenizer") continue;
    const { sha256 } = await measureFile(other);
    if (sha256 === tokensOf) return { tokensOf, path: other };
  }
  return { tokensOf };
}

function safetensorsIn(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => join(folder, name))
      .filter((path) => path.endsWith(".safetensors"));
  } catch (error) {
    throw new Error(
      `Cannot look for the tokenizer that a decoder was finetuned from in ` +
        `${folder} (${(error as Error).message}); give the folder it is in`,
    );
  }
}
