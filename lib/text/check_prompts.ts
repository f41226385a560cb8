/** Prompts as notebooks give them, whose cells no compiler has read. */

/**
 * Whether they are a list of texts.
 * @throws TypeError
 */
export function checkTexts(prompts: unknown): void {
  const isList = Array.isArray(prompts) &&
    prompts.every((prompt) => typeof prompt === "string");
  if (isList) return;
  throw new TypeError(
    `Cannot read the prompts: found ${Deno.inspect(prompts)}, wanted a ` +
      `list of texts, such as ["a red apple"]`,
  );
}

/**
 * Whether they are a list of texts, one at least.
 * @throws TypeError, or RangeError for an empty list
 */
export function checkPrompts(prompts: readonly string[]): void {
  checkTexts(prompts);
  if (prompts.length > 0) return;
  throw new RangeError(
    "Cannot read the prompts: found none, wanted one or more",
  );
}
