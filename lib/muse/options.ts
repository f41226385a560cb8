/** How pictures are drawn, apart from the code that draws them. */

import type { BestOf } from "./best_of.ts";
import { countGuided } from "./guidance.ts";
import { mergeOptions, type OptionNames } from "./known_options.ts";
import type { Schedule } from "./schedule.ts";
import { STEP_NAMES, type StepOptions } from "./step_options.ts";
import {
  type SuperresOptions,
  superresSettingsOf,
} from "./superres_defaults.ts";

/** How pictures are drawn, or parts of them. */
export interface DrawOptions extends StepOptions {
  /**
   * Picture i is that of the seed `seed + i`, or of entry i of a list,
   * whatever else is drawn.
   */
  readonly seed: number | readonly number[];
  /** Decode iterations. */
  readonly steps: number;
  /** How many tokens stay masked after each step. */
  readonly schedule: Schedule;
  /**
   * What guidance leads away from; nothing by default. It reaches
   * super-resolution where that is guided, which it is not by default.
   */
  readonly negative?: string;
  /**
   * Decode iterations of super-resolution, 0 for pictures as small as the base
   * draws them. By default 8 (paper, section 2.8) if the model has it.
   */
  readonly superresSteps?: number;
  /**
   * How else super-resolution goes. What it leaves out is as super-resolution
   * goes by default, whatever the settings of the base are.
   */
  readonly superres?: Partial<Omit<SuperresOptions, "steps">>;
}

/** What the options say of super-resolution. */
export type Enlarging = Pick<DrawOptions, "superresSteps" | "superres">;

/** Whether any step of super-resolution is guided, for a model that has it. */
export function isSuperresGuided(
  { superresSteps, superres }: Enlarging,
): boolean {
  const options = { ...superres, steps: superresSteps };
  const { guidance, steps } = superresSettingsOf(options);
  return countGuided(guidance, steps) > 0;
}

/** How pictures of prompts are drawn. */
export interface GenerateOptions extends DrawOptions {
  /** Draw several candidates, and keep the best; one by default. */
  readonly bestOf?: BestOf;
}

/** What is drawn with unless told otherwise. */
export const DEFAULTS = {
  seed: 0,
  steps: 12,
  schedule: "cosine",
  guidance: { kind: "constant", scale: 0.4 },
  temperature: 0.5,
  choiceTemperature: 3,
  sampler: { kind: "confidence" },
} as const satisfies GenerateOptions;

const NAMES: OptionNames<GenerateOptions> = {
  seed: true,
  steps: true,
  schedule: true,
  ...STEP_NAMES,
  negative: true,
  superresSteps: true,
  superres: true,
  bestOf: true,
};

/**
 * All options, the defaults where one is absent or undefined.
 * @param own defaults of a model that differ
 * @throws RangeError for a name that no option has
 */
export function settingsOf(
  options: Partial<GenerateOptions>,
  own: Partial<GenerateOptions> = {},
): GenerateOptions {
  const defaults: GenerateOptions = { ...DEFAULTS, ...own };
  return mergeOptions("draw", NAMES, defaults, options);
}
