/** How baaivision's sampler draws, in the library's terms. */

import type { GenerateOptions } from "../muse/options.ts";

/**
 * What its sampler (MUSE-Pytorch, libs/muse.py) does in so many steps: noise
 * of the temperature 4.5 · (1 - r) on what is drawn and on what is kept, where
 * r is the share of the steps that is done after this one; guidance of 10 times
 * the share that was done before it. Its scale is Muse's t.
 */
export function baaiSettings(
  steps: number,
): Readonly<Omit<GenerateOptions, "seed" | "bestOf">> {
  const before = (steps - 1) / steps;
  const temperature = { from: 4.5 * before, to: 0 };
  return {
    steps,
    schedule: "cosine",
    guidance: { kind: "linear", from: 0, to: 10 * before },
    temperature,
    choiceTemperature: temperature,
    sampler: { kind: "confidence" },
  };
}

/** With the 18 steps that its authors measured it by. */
export const BAAI_DEFAULTS: ReturnType<typeof baaiSettings> = baaiSettings(18);
