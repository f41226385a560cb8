/** Settings with what they leave to the model. */

import type { DrawOptions } from "../muse/options.ts";
import type { Muse } from "../muse/pipeline.ts";
import { SUPERRES_DEFAULTS } from "../muse/superres_defaults.ts";

/** The settings with the steps of super-resolution, if the model has it. */
export function effectiveSettings<
  S extends Pick<DrawOptions, "superresSteps">,
>(settings: S, { superres }: Pick<Muse, "superres">): S {
  const { steps: superresSteps } = SUPERRES_DEFAULTS;
  return superres ? { superresSteps, ...settings } : settings;
}
