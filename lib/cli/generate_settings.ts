/** The settings of a drawing on the command line. */

import { DEFAULTS, settingsOf } from "../muse/options.ts";
import { PRESETS } from "../muse/presets.ts";
import { maskedCounts, SCHEDULE_NAMES } from "../muse/schedule.ts";
import { UsageError } from "./errors.ts";
import { checkNegative } from "./guidance_text.ts";
import { checkListed, stepsOf } from "./listed_steps.ts";
import {
  BEST,
  modelKind,
  type OwnSettings,
  ownSettings,
  type Preset,
} from "./model_kind.ts";
import { didYouMean } from "../run/nearest.ts";
import {
  type AskedSettings,
  formOf,
  SETTING_NAMES,
  type SettingName,
  type Settings,
  settingText,
  SUPERRES_NAMES,
} from "./setting_forms.ts";
import {
  readSuperres,
  SUPERRES_OPTIONS,
  SUPERRES_USAGE,
} from "./superres_settings.ts";

/** The options that settings are read from. */
export const SETTING_OPTIONS = {
  preset: "value",
  steps: "value",
  schedule: "value",
  guidance: "value",
  temperature: "value",
  "choice-temperature": "value",
  sampler: "value",
  remask: "value",
  "top-k": "value",
  "top-p": "value",
  negative: "value",
  ...SUPERRES_OPTIONS,
} as const;

/** Their values, undefined where an option is absent. */
export type SettingValues =
  & {
    readonly [N in ValueOption]?: string | undefined;
  }
  & { readonly "no-superres"?: boolean }
  /** Of what model they are. */
  & { readonly model?: string; readonly weights?: string };

/** Settings of the base. */
const BASE_NAMES = SETTING_NAMES.filter((name) =>
  !SUPERRES_NAMES.some((own) => own === name)
);

type ValueOption = Exclude<keyof typeof SETTING_OPTIONS, "no-superres">;
const fallback = (name: SettingName) => `(${settingText(DEFAULTS, name)})`;
/** By which settings are checked that go by a model's, before that is here. */
const ANY_SIDE = 256;

/** What a command's help says of all of them. */
export const SETTING_USAGE: string = `\
  --preset NAME           published settings to start from: ${
  [...Object.keys(PRESETS), BEST].join(", ")
};
                          ${BEST} is of aMUSEd, whose defaults are others than
                          those named here
  --steps N               decode steps ${fallback("steps")}
  --schedule NAME|LIST    ${SCHEDULE_NAMES.join(", ")};
                          or what is unknown after each step, as fractions
                          like 0.7,0.3,0 or as counts ${fallback("schedule")}
  --guidance T            scale t in every step, A..B from the first to the
                          last, or a list ${fallback("guidance")}; cosine:T^P
                          rises late to T, T@A..B is T while A to B of the
                          steps, 0 to 1, are done
  --temperature X         of the tokens' distribution, or A..B, or a list ${
  fallback("temperature")
}
  --choice-temperature X  of the noise on which tokens are kept, from X to 0, or
                          A..B, or a list ${fallback("choiceTemperature")}
  --sampler NAME          the order in which tokens are kept: confidence,
                          random, halton or hybrid:SHARE, halton in this share
                          of the steps ${fallback("sampler")}
  --remask KIND:RATE      hide this share of what was found in every step again:
                          cap, any of it, or confidence, what was least sure
  --top-k K               draw from the K likeliest tokens only
  --top-p P               draw from the likeliest tokens that make up this share
                          of the probability, above 0 and up to 1
  --negative TEXT         what guidance leads away from
${SUPERRES_USAGE}`;

/**
 * Reads and checks the settings of a command line.
 *
 * @param region whether a region is drawn, for which models may have other
 * defaults
 * @throws UsageError
 */
export function readSettings(
  values: SettingValues,
  region = false,
): AskedSettings {
  const given: Partial<Settings> = Object.fromEntries(
    BASE_NAMES.flatMap((name) => {
      const form = formOf(name);
      const text = values[form.option as ValueOption];
      return text === undefined ? [] : [[name, form.read(text)]];
    }),
  );
  const superres = readSuperres(values);
  const own = ownSettings(modelKind(values.model, values.weights), region);
  const preset = values.preset === undefined
    ? {}
    : readPreset(values.preset, own);
  const complete = (preset: Partial<Settings>) => {
    const asked = { ...preset, ...given, ...superres };
    const { seed: _, ...all } = settingsOf(asked, own.defaults);
    const steps = given.steps ?? listedSteps(given) ?? all.steps;
    const settings: Settings = { ...all, steps };
    checkTogether(settings);
    return settings;
  };
  if (typeof preset !== "function") return complete(preset);
  const bySide = (side: number) => complete(preset(side));
  return { ...bySide(ANY_SIDE), bySide };
}

function readPreset(
  text: string,
  { preset, presets: names }: OwnSettings,
): Preset {
  const known = preset(text);
  if (known) return known;
  throw new UsageError(
    `there is no preset "${text}"; ${didYouMean(text, names)}`,
  );
}

/** The number of steps of the first setting that lists one for each. */
function listedSteps(settings: Partial<Settings>): number | undefined {
  return BASE_NAMES.map((name) => stepsOf(settings, name))
    .find((steps) => steps !== undefined);
}

/** Whether what is listed step by step fits the steps, and the rest that. */
function checkTogether(settings: Settings): void {
  const { schedule, steps } = settings;
  checkListed(settings, BASE_NAMES, steps, "leave out --steps");
  try {
    maskedCounts(schedule, 1, steps);
  } catch (error) {
    throw new UsageError(`--schedule: ${(error as Error).message}.`);
  }
  checkNegative(settings, steps);
}
