/** Settings with what they leave to the model. */

import type { DrawOptions } from "../muse/options.ts";
import { SUPERRES_DEFAULTS } from "../muse/superres_defaults.ts";
import type { LoadedModel } from "./load_model.ts";
import type { AskedSettings } from "./setting_forms.ts";

/**
 * The settings for the size that the model has, and with the steps of
 * super-resolution if it has that.
 */
export function effectiveSettings<
  S extends
    & Pick<DrawOptions, "superresSteps">
    & Pick<AskedSettings, "bySide">,
>(
  { bySide, ...asked }: S,
  { superres, ownSide }: Pick<LoadedModel, "superres" | "ownSide">,
): Omit<S, "bySide"> {
  const settings =
    (bySide && ownSide !== undefined ? bySide(ownSide) : asked) as Omit<
      S,
      "bySide"
    >;
  const { steps: superresSteps } = SUPERRES_DEFAULTS;
  return superres ? { superresSteps, ...settings } : settings;
}
