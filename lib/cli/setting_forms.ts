/** Every setting of a drawing in the form that its option takes. */

import type { Guidance } from "../muse/guidance.ts";
import type { OptionNames } from "../muse/known_options.ts";
import type { GenerateOptions } from "../muse/options.ts";
import type { PerStep } from "../muse/per_step.ts";
import type { SuperresOptions } from "../muse/superres_defaults.ts";
import { guidanceSteps, guidanceText, readGuidance } from "./guidance_text.ts";
import { perStepSteps, perStepText, readPerStep } from "./per_step_text.ts";
import { readRemask, remaskText } from "./remask_text.ts";
import { readSampler, samplerText } from "./sampler_text.ts";
import { readSchedule, scheduleSteps, scheduleText } from "./schedule_text.ts";
import { readShare, readText, readWhole } from "./values.ts";

/** How pictures are drawn, apart from which ones. */
export type Settings = Omit<GenerateOptions, "seed" | "bestOf">;

/** Settings as a command line says them, before its model is loaded. */
export interface AskedSettings extends Settings {
  /**
   * Where they go by the side of the model's own pictures: what they are then,
   * in pixels. Those that are here hold for a model of any size until it is
   * known.
   */
  readonly bySide?: (side: number) => Settings;
}

/** The settings, each by the name that its option is of. */
interface Values extends Omit<Settings, "superres"> {
  readonly superresGuidance?: Guidance;
  readonly superresTemperature?: PerStep;
}

/** Name of a setting that has an option. */
export type SettingName = keyof Values;

/** How one setting is read and printed. */
interface Form<T> {
  /** The option's name. */
  readonly option: string;
  /** @throws UsageError */
  read(text: string): T;
  text(value: T): string;
  /** How many steps a value lists; undefined if it is none for each step. */
  steps?(value: T): number | undefined;
}

type Forms = {
  readonly [K in SettingName]-?: Form<NonNullable<Values[K]>>;
};

/** More steps than any model has tokens would find nothing. */
const MOST_STEPS = 4096;
const MOST_TEMPERATURE = 1000;

function temperature(option: string): Forms["temperature"] {
  return {
    option,
    read: (text) => readPerStep(option, text, 0, MOST_TEMPERATURE),
    text: perStepText,
    steps: perStepSteps,
  };
}

/** In the order in which they are printed. */
export const FORMS: Forms = {
  steps: {
    option: "steps",
    read: (text) => readWhole("steps", text, 1, MOST_STEPS),
    text: String,
  },
  schedule: {
    option: "schedule",
    read: readSchedule,
    text: scheduleText,
    steps: scheduleSteps,
  },
  guidance: {
    option: "guidance",
    read: readGuidance,
    text: guidanceText,
    steps: guidanceSteps,
  },
  temperature: temperature("temperature"),
  choiceTemperature: temperature("choice-temperature"),
  sampler: { option: "sampler", read: readSampler, text: samplerText },
  remask: { option: "remask", read: readRemask, text: remaskText },
  topK: {
    option: "top-k",
    read: (text) => readWhole("top-k", text, 1),
    text: String,
  },
  topP: {
    option: "top-p",
    read: (text) => readShare("top-p", text),
    text: String,
  },
  negative: {
    option: "negative",
    read: (text) => readText("negative", text)!.trim(),
    text: String,
  },
  superresSteps: {
    option: "superres-steps",
    read: (text) => readWhole("superres-steps", text, 1, MOST_STEPS),
    text: String,
  },
  superresGuidance: {
    option: "superres-guidance",
    read: (text) => readGuidance(text, "superres-guidance"),
    text: guidanceText,
    steps: guidanceSteps,
  },
  superresTemperature: temperature("superres-temperature"),
};

/** Names of the settings. */
export const SETTING_NAMES: readonly SettingName[] = Object.keys(
  FORMS,
) as SettingName[];

/** Those of super-resolution. */
export const SUPERRES_NAMES = [
  "superresSteps",
  "superresGuidance",
  "superresTemperature",
] as const satisfies SettingName[];

/** The form of a setting, whatever its type. */
export function formOf(name: SettingName): Form<unknown> {
  return FORMS[name] as Form<unknown>;
}

/** A setting's value; undefined if it isn't set. */
export function settingValue(
  { superres = {}, ...settings }: Partial<Settings>,
  name: SettingName,
): Values[SettingName] {
  switch (name) {
    case "superresGuidance":
      return superres.guidance;
    case "superresTemperature":
      return superres.temperature;
    default:
      return settings[name];
  }
}

/** What no option sets of super-resolution, in the forms of the base's. */
const SUPERRES_ALONE: OptionNames<
  Omit<SuperresOptions, "steps" | "guidance" | "temperature">
> = {
  schedule: true,
  choiceTemperature: true,
  sampler: true,
  remask: true,
  topK: true,
  topP: true,
};

/**
 * What is set, by name: numbers as numbers, what is more than a number in the
 * form that its option takes. All that is set of super-resolution is among it,
 * though it has fewer options.
 */
export function knownSettings(
  settings: Partial<Settings>,
  names: readonly SettingName[] = SETTING_NAMES,
): Record<string, string | number> {
  const { superres = {} } = settings;
  const alone = Object.keys(SUPERRES_ALONE) as (keyof typeof SUPERRES_ALONE)[];
  const told = [
    ...names.map((name) => [name, toldOf(settings, name)]),
    ...alone.map((name) => [
      `superres${name[0].toUpperCase()}${name.slice(1)}`,
      toldOf(superres, name),
    ]),
  ];
  return Object.fromEntries(told.filter(([, value]) => value !== undefined));
}

/** Settings as `--json` prints them: null for what was left out. */
export function settingsRecord<Name extends SettingName>(
  settings: Partial<Settings>,
  names: readonly Name[],
): Record<Name, string | number | null> {
  const absent = names.map((name) => [name, null]);
  return {
    ...Object.fromEntries(absent),
    ...knownSettings(settings, names),
  };
}

/** A number, or the form that the option takes; undefined if it isn't set. */
function toldOf(
  settings: Partial<Settings>,
  name: SettingName,
): string | number | undefined {
  const value = settingValue(settings, name);
  return typeof value === "number" ? value : settingText(settings, name);
}

/** A setting's value as its option takes it; undefined if it isn't set. */
export function settingText(
  settings: Partial<Settings>,
  name: SettingName,
): string | undefined {
  const value = settingValue(settings, name);
  return value === undefined ? undefined : formOf(name).text(value);
}
