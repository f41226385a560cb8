/** How pictures are drawn, apart from the code that draws them. */

import type { BestOf } from "./best_of.ts";
import type { Schedule } from "./schedule.ts";
import type { StepOptions } from "./step_options.ts";

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
  /** What guidance leads away from; nothing by default. */
  readonly negative?: string;
  /**
   * Decode iterations of super-resolution, 0 for pictures as small as the base
   * draws them. By default 8 (paper, section 2.8) if the model has it.
   */
  readonly superresSteps?: number;
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
  guidance: { kind: "linear", from: 0, to: 4 },
  temperature: 1,
  choiceTemperature: 4.5,
  sampler: { kind: "confidence" },
} as const satisfies GenerateOptions;

/**
 * All options, the defaults where one is absent or undefined.
 * @param own defaults of a model that differ
 */
export function settingsOf(
  options: Partial<GenerateOptions>,
  own: Partial<GenerateOptions> = {},
): GenerateOptions {
  const given = Object.entries(options)
    .filter(([, value]) => value !== undefined);
  return { ...DEFAULTS, ...own, ...Object.fromEntries(given) };
}
