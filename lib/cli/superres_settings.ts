/** The settings of super-resolution on the command line. */

import { SUPERRES_DEFAULTS } from "../muse/superres_defaults.ts";
import { UsageError } from "./errors.ts";
import { checkListed } from "./listed_steps.ts";
import type { Options } from "./options.ts";
import {
  FORMS,
  type SettingName,
  type Settings,
  settingText,
  settingValue,
  SUPERRES_NAMES,
} from "./setting_forms.ts";

/** The options of super-resolution. */
export const SUPERRES_OPTIONS = {
  "superres-steps": "value",
  "superres-guidance": "value",
  "superres-temperature": "value",
  "no-superres": "flag",
} as const;

/** Their values, undefined where an option is absent. */
type SuperresValues = Partial<Options<typeof SUPERRES_OPTIONS>["values"]>;

/** The settings of super-resolution. */
type SuperresSettings = Pick<Settings, "superresSteps" | "superres">;

const fallback = (name: SettingName) =>
  `(${settingText({ superres: SUPERRES_DEFAULTS }, name)})`;

/** What a command's help says of them. */
export const SUPERRES_USAGE: string = `\
  --superres-steps N      decode steps of super-resolution, if the model has it
                          (${SUPERRES_DEFAULTS.steps}); the settings above are the base's
  --superres-guidance T   its guidance, in the forms of --guidance ${
  fallback("superresGuidance")
}
  --superres-temperature X
                          of the distribution of its tokens ${
  fallback("superresTemperature")
}
  --no-superres           pictures as the base draws them`;

/** The option that asks for super-resolution, if there is one. */
export function superresOption(values: SuperresValues): string | undefined {
  return SUPERRES_NAMES.map((name) => FORMS[name].option)
    .find((option) => values[option as keyof SuperresValues] !== undefined);
}

/** The option that asked for what the settings say of super-resolution. */
export function superresOptionOf(
  settings: SuperresSettings,
): string | undefined {
  if (settings.superresSteps === 0) return undefined;
  const name = SUPERRES_NAMES.find((name) =>
    settingValue(settings, name) !== undefined
  );
  return name && FORMS[name].option;
}

/**
 * The settings of super-resolution, those that are given.
 * @throws UsageError
 */
export function readSuperres(values: SuperresValues): SuperresSettings {
  const option = superresOption(values);
  if (values["no-superres"]) {
    if (option === undefined) return { superresSteps: 0 };
    throw new UsageError(`give --${option} or --no-superres, not both.`);
  }
  const read = <T>(
    { option, read }: { option: string; read(text: string): T },
  ) => {
    const text = values[option as Exclude<keyof SuperresValues, "no-superres">];
    return text === undefined ? undefined : read(text);
  };
  const guidance = read(FORMS.superresGuidance);
  const temperature = read(FORMS.superresTemperature);
  const superres = {
    ...(guidance && { guidance }),
    ...(temperature !== undefined && { temperature }),
  };
  const settings = {
    superresSteps: read(FORMS.superresSteps),
    superres: Object.keys(superres).length > 0 ? superres : undefined,
  };
  const steps = settings.superresSteps ?? SUPERRES_DEFAULTS.steps;
  checkListed(settings, SUPERRES_NAMES, steps, "give --superres-steps");
  return settings;
}
