/** Settings that others published, by name. */

import type { GenerateOptions } from "./options.ts";

/** Names of the presets. */
export type PresetName = "autonat8";

/**
 * Options to spread before one's own. They were found for other models, on
 * other data: a place to start from, not a promise.
 */
export const PRESETS: Readonly<
  Record<PresetName, Readonly<Partial<GenerateOptions>>>
> = {
  /**
   * The strategy that AutoNAT (CVPR 2024) found for 8 steps on ImageNet, of
   * its repository's file `AutoNAT_L-T8_strategy.yaml`, rounded. Its scale of
   * guidance is Muse's t; the least that its search allowed, 0.0001, is 0 here.
   */
  autonat8: {
    steps: 8,
    schedule: {
      fractions: [.95316, .87954, .79402, .74600, .62498, .40732, .26066, 0],
    },
    guidance: {
      kind: "list",
      scales: [0, 0, 0, .915, 1.616, 1.195, 1.383, 1.227],
    },
    temperature: {
      steps: [2.900, 1.867, 1.144, 1.380, 1.470, 1.376, 1.708, .713],
    },
    choiceTemperature: {
      steps: [2.405, 2.478, 1.192, .769, 1.067, .935, .784, 0],
    },
  },
};
