/** How super-resolution goes, apart from the code that does it. */

import type { Schedule } from "./schedule.ts";
import type { StepOptions } from "./step_options.ts";

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
  temperature: 1,
  choiceTemperature: 4.5,
  sampler: { kind: "confidence" },
} as const satisfies SuperresOptions;
