/** Settings with what they leave to the model. */

import type { Enlarging } from "../muse/options.ts";
import { superresSettingsOf } from "../muse/superres_defaults.ts";
import type { LoadedModel } from "./load_model.ts";
import type { AskedSettings } from "./setting_forms.ts";

/**
 * The settings for the size that the model has, and with all settings of
 * super-resolution where there is any.
 */
export function effectiveSettings<
  S extends Enlarging & Pick<AskedSettings, "bySide">,
>(
  { bySide, ...asked }: S,
  { superres, ownSide }: Pick<LoadedModel, "superres" | "ownSide">,
): Omit<S, "bySide"> & Enlarging {
  const settings =
    (bySide && ownSide !== undefined ? bySide(ownSide) : asked) as
      & Omit<S, "bySide">
      & Enlarging;
  if (!superres || settings.superresSteps === 0) return settings;
  const { steps, ...how } = superresSettingsOf({
    ...settings.superres,
    steps: settings.superresSteps,
  });
  return { ...settings, superresSteps: steps, superres: how };
}
