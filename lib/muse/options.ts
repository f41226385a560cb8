/** How pictures are drawn, apart from the code that draws them. */

import type { Guidance } from "./guidance.ts";
import type { Schedule } from "./schedule.ts";

/** How pictures are drawn. */
export interface GenerateOptions {
  /**
   * Picture i is that of the seed `seed + i`, or of entry i of a list,
   * whatever else is drawn.
   */
  readonly seed: number | readonly number[];
  /** Decode iterations. */
  readonly steps: number;
  /** How many tokens stay masked after each step. */
  readonly schedule: Schedule;
  /** How far the prompt is followed, step by step. */
  readonly guidance: Guidance;
  /** Temperature of the tokens' distribution. */
  readonly temperature: number;
  /** Temperature of the noise on the order in which tokens are kept. */
  readonly choiceTemperature: number;
  /** Draw from the k likeliest tokens only; from all by default. */
  readonly topK?: number;
  /**
   * Draw from the fewest likeliest tokens that together are above this share
   * of the probability, in (0, 1]; from all by default.
   */
  readonly topP?: number;
  /** What guidance leads away from; nothing by default. */
  readonly negative?: string;
}

/** What is drawn with unless told otherwise. */
export const DEFAULTS = {
  seed: 0,
  steps: 12,
  schedule: "cosine",
  guidance: { kind: "linear", from: 0, to: 4 },
  temperature: 1,
  choiceTemperature: 4.5,
} as const satisfies GenerateOptions;

/** All options, the defaults where one is absent or undefined. */
export function settingsOf(options: Partial<GenerateOptions>): GenerateOptions {
  const given = Object.entries(options)
    .filter(([, value]) => value !== undefined);
  return { ...DEFAULTS, ...Object.fromEntries(given) };
}
