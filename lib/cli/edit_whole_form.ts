/** The option of edits that show a model the whole picture. */

import { UsageError } from "./errors.ts";
import { modelKind } from "./model_kind.ts";

/** What the help of such an edit says of it. */
export const WHOLE_USAGE: string = `\
  --whole                 let a published model see all of the picture, at its
                          own size, in multiples of 16 pixels, or 32`;

/**
 * Reads it.
 * @throws UsageError if the model can't
 */
export function readWholePicture(values: {
  readonly whole: boolean;
  readonly size?: string;
  readonly model?: string;
  readonly weights?: string;
}): boolean {
  const { whole, model, weights, size } = values;
  if (!whole) return false;
  const kind = modelKind(model, weights);
  if (kind.kind === "own" || kind.family !== "amused") {
    throw new UsageError(
      "--whole is for aMUSEd's models, such as --model amused-256.",
    );
  }
  if (size === undefined) return true;
  throw new UsageError("--whole is the picture's own size; leave out --size.");
}
