/** The end of a decode: what is left of it when a part of the steps is done. */

import { choiceTemperatureAt } from "../muse/choose.ts";
import { guidanceAt } from "../muse/guidance.ts";
import type { GenerateOptions } from "../muse/options.ts";
import { atStep } from "../muse/per_step.ts";
import { plannedCounts } from "../muse/schedule.ts";

/** How a decode ends. */
export interface LastSteps {
  /** How many tokens are masked when it begins. */
  readonly masked: number;
  /** Of the steps that are left, as they are in the whole decode. */
  readonly settings: GenerateOptions;
}

/**
 * The last steps of a decode of a whole picture.
 *
 * @param strength share of the steps, from 0 up to 1; above 0, at least one is
 * left
 * @param length tokens N of the picture
 * @throws RangeError for a strength out of range
 */
export function lastSteps(
  settings: GenerateOptions,
  strength: number,
  length: number,
): LastSteps {
  const { steps, schedule, guidance } = settings;
  if (!(strength > 0 && strength <= 1)) {
    throw new RangeError(
      `Cannot vary a picture: found the strength ${strength}, wanted a number ` +
        `above 0, up to 1, which leaves nothing of it`,
    );
  }
  // The reference cuts off; 0.7 times 10 is a rounding error below 7.
  const left = Math.max(1, Math.floor(steps * strength + 1e-9));
  const first = steps - left;
  const each = <T>(at: (step: number) => T) =>
    Array.from({ length: left }, (_, i) => at(first + i));
  const counts = plannedCounts(schedule, { tokens: length, steps, length });
  return {
    masked: first === 0 ? length : counts[first - 1],
    settings: {
      ...settings,
      steps: left,
      schedule: {
        counts: each((i) => i === steps - 1 ? 0 : Math.max(1, counts[i])),
      },
      guidance: {
        kind: "list",
        scales: each((i) => guidanceAt(guidance, i, steps)),
      },
      temperature: {
        steps: each((i) =>
          atStep("temperature", settings.temperature, i, steps)
        ),
      },
      choiceTemperature: {
        steps: each((i) =>
          choiceTemperatureAt(settings.choiceTemperature, i, steps)
        ),
      },
    },
  };
}
