/** Settings that list a value for each step. */

import { UsageError } from "./errors.ts";
import {
  formOf,
  type SettingName,
  type Settings,
  settingValue,
} from "./setting_forms.ts";

/** How many steps a setting lists; undefined if it is none for each step. */
export function stepsOf(
  settings: Partial<Settings>,
  name: SettingName,
): number | undefined {
  const value = settingValue(settings, name);
  return value === undefined ? undefined : formOf(name).steps?.(value);
}

/**
 * Checks that settings that list steps list as many as there are to be.
 *
 * @param todo what to do otherwise
 * @throws UsageError
 */
export function checkListed(
  settings: Partial<Settings>,
  names: readonly SettingName[],
  steps: number,
  todo: string,
): void {
  for (const name of names) {
    const listed = stepsOf(settings, name);
    if (listed === undefined || listed === steps) continue;
    throw new UsageError(
      `--${formOf(name).option} lists ${listed} steps, but there are to be ` +
        `${steps}; ${todo}, or list as many.`,
    );
  }
}
