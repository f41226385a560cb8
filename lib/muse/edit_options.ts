/** How pictures are edited, apart from the code that edits them. */

import type { BestOf } from "./best_of.ts";
import { mergeOptions, type OptionNames } from "./known_options.ts";
import type { DrawOptions, GenerateOptions } from "./options.ts";
import type { ResampleOptions } from "./resample.ts";

/** How a region is drawn anew. */
export interface InpaintOptions extends GenerateOptions {
  /**
   * Whether pixels outside the region stay what they were, to the last bit, as
   * they do by default. Else all that the model saw is as it draws it.
   */
  readonly composite?: boolean;
  /**
   * What the model sees, as a multiple of the region's longer side, at least 1:
   * less than the whole picture, and that at a larger scale. By default, the
   * largest square of the picture.
   */
  readonly context?: number;
}

/** Pixels by which a picture is enlarged at each side. */
export interface Margins {
  /** On the left. */
  readonly left: number;
  /** On the right. */
  readonly right: number;
  /** Above. */
  readonly top: number;
  /** Below. */
  readonly bottom: number;
}

/** How a picture is varied. */
export interface VaryOptions extends GenerateOptions {
  /**
   * Share of the tokens that are drawn anew, from 0 to 1; 0.5 by default. At 0
   * the picture is as the tokenizer shows it; at 1 nothing is left of it, and
   * what is drawn is what `generate` draws with the seed.
   */
  readonly strength?: number;
}

/** Strength of a variation unless told otherwise. */
export const STRENGTH = 0.5;

/** How a picture is edited without a mask. */
export interface FreeEditOptions extends ResampleOptions {
  /** Picture i is that of the seed `seed + i`, or of entry i of a list. */
  readonly seed: number | readonly number[];
  /** What guidance leads away from; nothing by default. */
  readonly negative?: string;
  /**
   * Keeps the pictures of every so many iterations: an earlier one is often
   * nearer to the picture, and shows enough of the prompt. None by default.
   */
  readonly keepEvery?: number;
  /**
   * Super-resolves the kept pictures too; by default only the last ones are,
   * and these are as small as the base draws them, for the time it takes.
   */
  readonly superresKept?: boolean;
  /** Edit several times, and keep the best; once by default. */
  readonly bestOf?: BestOf;
  /**
   * Decode iterations of super-resolution in the end, 0 for none; by default 8
   * if the model has it.
   */
  readonly superresSteps?: number;
  /** How else super-resolution goes, as in drawing. */
  readonly superres?: DrawOptions["superres"];
}

/** The paper's settings; what it doesn't say is as in drawing. */
export const FREE_EDIT_DEFAULTS = {
  seed: 0,
  iterations: 100,
  share: 0.08,
  guidance: { kind: "constant", scale: 4 },
  temperature: 1,
  topK: 3,
} as const satisfies FreeEditOptions;

const FREE_NAMES: OptionNames<FreeEditOptions> = {
  seed: true,
  iterations: true,
  share: true,
  guidance: true,
  temperature: true,
  topK: true,
  topP: true,
  negative: true,
  keepEvery: true,
  superresKept: true,
  superresSteps: true,
  superres: true,
  bestOf: true,
};

/**
 * All options, the defaults where one is absent or undefined.
 * @throws RangeError for a name that no option has
 */
export function freeSettingsOf(
  options: Partial<FreeEditOptions>,
): FreeEditOptions {
  const defaults: FreeEditOptions = FREE_EDIT_DEFAULTS;
  return mergeOptions("edit a picture", FREE_NAMES, defaults, options);
}
