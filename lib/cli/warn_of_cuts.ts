/** Prompts that a model doesn't read to their end. */

import type { PromptEncoder } from "../text/encode.ts";

/** Warns of every text that is longer than the model reads. */
export function warnOfCuts(
  { tokenizer, length }: Pick<PromptEncoder, "tokenizer" | "length">,
  texts: Iterable<string>,
  warn: (text: string) => void,
): void {
  for (const text of new Set(texts)) {
    const { length: found } = tokenizer.encode(text);
    if (found <= length) continue;
    warn(
      `The model reads the first ${length} of the ${found} text ids of ` +
        `"${text}".`,
    );
  }
}
