/** How super-resolution goes, apart from the code that does it. */

import { mergeOptions, type OptionNames } from "./known_options.ts";
import type { Schedule } from "./schedule.ts";
import { STEP_NAMES, type StepOptions } from "./step_options.ts";

/** How tokens are super-resolved. */
export interface SuperresOptions extends StepOptions {
  /** Decode iterations. */
  readonly steps: number;
  /** How many tokens stay masked after each step. */
  readonly schedule: Schedule;
}

/** What super-resolution does unless told otherwise. */
export const SUPERRES_DEFAULTS = {
  steps: 8,
  schedule: "cosine",
  guidance: { kind: "constant", scale: 0 },
  temperature: 0.6,
  choiceTemperature: 2,
  sampler: { kind: "confidence" },
} as const satisfies SuperresOptions;

const NAMES: OptionNames<SuperresOptions> = {
  steps: true,
  schedule: true,
  ...STEP_NAMES,
};

/**
 * All options, the defaults where one is absent or undefined.
 * @throws RangeError for a name that no option has
 */
export function superresSettingsOf(
  options: Partial<SuperresOptions>,
): SuperresOptions {
  const defaults: SuperresOptions = SUPERRES_DEFAULTS;
  return mergeOptions("super-resolve", NAMES, defaults, options);
}
