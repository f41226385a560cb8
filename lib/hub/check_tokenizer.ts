/** Whether a model draws with the tokenizer whose tokens it learned. */

import { readSafetensorsHeader } from "../run/safetensors.ts";
import { type EmbeddedModel, type Manifest, weightsPath } from "./embedded.ts";

/**
 * Compares a model's tokenizer with the one that its base transformer was
 * trained with, as the metadata of the base says by SHA-256. Another one of
 * the same sizes would draw nonsense. A base that doesn't say is taken on
 * trust.
 *
 * @param doing what the parts are put together for: "Cannot …" in the error
 * @throws Error if it is another one, or the base can't be read
 */
export async function checkTokenizer(
  doing: string,
  manifest: Pick<Manifest, "root" | "files">,
  { base, tokenizer }: EmbeddedModel,
): Promise<void> {
  const path = (part: string) => weightsPath(manifest, part);
  const { metadata } = await readSafetensorsHeader(path(base));
  const wanted = metadata.tokenizer;
  const found = manifest.files.find((file) => file.path === tokenizer)?.sha256;
  // A file that is not listed is an error of its own.
  if (wanted === undefined || found === undefined || wanted === found) return;
  throw new Error(
    `Cannot ${doing}: ${path(base)} learned the tokens of a tokenizer with ` +
      `the SHA-256 ${wanted.slice(0, 12)}…, but ${path(tokenizer)} has ` +
      `${found.slice(0, 12)}…; put that tokenizer there, or train the base ` +
      `with this one: \`deno task train base --tokenizer ${path(tokenizer)}\``,
  );
}
