/** Whether a model draws with the tokenizers whose tokens it learned. */

import { readSafetensorsHeader } from "../run/safetensors.ts";
import { isTorchFile } from "../run/torch_file.ts";
import {
  type EmbeddedModel,
  type Manifest,
  measureFile,
  weightsPath,
} from "./embedded.ts";

/** A transformer that learned the tokens of a tokenizer. */
interface Learned {
  /** Such as "base". */
  readonly stage: string;
  /** The transformer's file. */
  readonly by: string;
  /** The option of its training, and the metadata, that name the tokenizer. */
  readonly option: string;
  /** The tokenizer's file. */
  readonly from: string;
}

function learnedBy({ base, tokenizer, superres }: EmbeddedModel): Learned[] {
  const learned: Learned[] = [
    { stage: "base", by: base, option: "tokenizer", from: tokenizer },
  ];
  if (!superres) return learned;
  const { transformer: by, tokenizer: high } = superres;
  const stage = "superres";
  return [
    ...learned,
    { stage, by, option: "tokenizer", from: tokenizer },
    { stage, by, option: "tokenizer-high", from: high },
  ];
}

/**
 * SHA-256 of the tokenizer that the decoder of a file was finetuned from, if
 * it was.
 *
 * @throws Error if it can't be read
 */
export async function finetunedFrom(
  path: string,
): Promise<string | undefined> {
  if (await isTorchFile(path)) return undefined;
  return (await readSafetensorsHeader(path)).metadata.tokensOf;
}

/**
 * SHA-256 of the tokenizer whose tokens those of a file are: its own, or that
 * of the one whose decoder was finetuned.
 *
 * @throws Error if it can't be read
 */
export async function tokensHash(path: string): Promise<string> {
  return await finetunedFrom(path) ?? (await measureFile(path)).sha256;
}

/**
 * Compares a model's tokenizers with the ones that its transformers were
 * trained with, as the metadata of those say by SHA-256. Others of the same
 * sizes would draw nonsense, unless they say that their tokens are the same,
 * as those of a finetuned decoder do. A transformer that doesn't say is taken
 * on trust.
 *
 * @param doing what the parts are put together for: "Cannot …" in the error
 * @throws Error if it is another one, or a file can't be read
 */
export async function checkTokenizer(
  doing: string,
  manifest: Pick<Manifest, "root" | "files">,
  model: EmbeddedModel,
): Promise<void> {
  const path = (part: string) => weightsPath(manifest, part);
  for (const { stage, by, option, from } of learnedBy(model)) {
    const { metadata } = await readSafetensorsHeader(path(by));
    const wanted = metadata[option];
    const found = manifest.files.find((file) => file.path === from)?.sha256;
    // A file that is not listed is an error of its own.
    if (!wanted || !found || wanted === found) continue;
    const tokenizer = await readSafetensorsHeader(path(from));
    if (tokenizer.metadata.tokensOf === wanted) continue;
    throw new Error(
      `Cannot ${doing}: ${path(by)} learned the tokens of a tokenizer with ` +
        `the SHA-256 ${wanted.slice(0, 12)}…, but ${path(from)} has ` +
        `${found.slice(0, 12)}…; put that tokenizer there, or train the ` +
        `${stage} with this one: \`deno task train ${stage} --${option} ` +
        `${path(from)}\``,
    );
  }
}
