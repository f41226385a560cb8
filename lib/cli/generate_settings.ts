/** The settings of a drawing on the command line. */

import { DEFAULTS, type GenerateOptions } from "../muse/options.ts";
import {
  maskedCounts,
  type Schedule,
  SCHEDULE_NAMES,
} from "../muse/schedule.ts";
import { UsageError } from "./errors.ts";
import {
  guidanceText,
  isGuided,
  readGuidance,
  readNumber,
  readSchedule,
  readShare,
  readText,
  readWhole,
  scheduleSteps,
} from "./values.ts";

/** How pictures are drawn, apart from which ones. */
export type Settings = Omit<GenerateOptions, "seed">;

/** The options that settings are read from. */
export const SETTING_OPTIONS = {
  steps: "value",
  schedule: "value",
  guidance: "value",
  temperature: "value",
  "choice-temperature": "value",
  "top-k": "value",
  "top-p": "value",
  negative: "value",
} as const;

/** Their values, undefined where an option is absent. */
export type SettingValues = {
  readonly [N in keyof typeof SETTING_OPTIONS]?: string | undefined;
};

/** What a command's help says of them. */
export const SETTING_USAGE = `\
  --steps N               decode steps (${DEFAULTS.steps})
  --schedule NAME|LIST    ${SCHEDULE_NAMES.join(", ")};
                          or what is unknown after each step, as fractions
                          like 0.7,0.3,0 or as counts (${DEFAULTS.schedule})
  --guidance T|A..B       scale t in every step, or in the first and the last
                          (${guidanceText(DEFAULTS.guidance)})
  --temperature X         of the tokens' distribution (${DEFAULTS.temperature})
  --choice-temperature X  of the noise on which tokens are kept (${DEFAULTS.choiceTemperature})
  --top-k K               draw from the K likeliest tokens only
  --top-p P               draw from the likeliest tokens that make up this share
                          of the probability, above 0 and up to 1
  --negative TEXT         what guidance leads away from`;

/**
 * Reads and checks the settings of a command line.
 * @throws UsageError
 */
export function readSettings(values: SettingValues): Settings {
  const schedule = values.schedule === undefined
    ? DEFAULTS.schedule
    : readSchedule(values.schedule);
  const guidance = values.guidance === undefined
    ? DEFAULTS.guidance
    : readGuidance(values.guidance);
  const negative = readText("negative", values.negative)?.trim();
  if (negative !== undefined && !isGuided(guidance)) {
    throw new UsageError("--negative needs a --guidance above 0.");
  }
  const topK = values["top-k"] === undefined
    ? undefined
    : readWhole("top-k", values["top-k"], 1);
  const topP = values["top-p"] === undefined
    ? undefined
    : readShare("top-p", values["top-p"]);
  const temperature = (name: "temperature" | "choice-temperature") => {
    const text = values[name];
    return text === undefined ? undefined : readNumber(name, text, 0, 1000);
  };
  return {
    steps: readSteps(values.steps, schedule),
    schedule,
    guidance,
    temperature: temperature("temperature") ?? DEFAULTS.temperature,
    choiceTemperature: temperature("choice-temperature") ??
      DEFAULTS.choiceTemperature,
    ...(topK === undefined ? {} : { topK }),
    ...(topP === undefined ? {} : { topP }),
    ...(negative === undefined ? {} : { negative }),
  };
}

/** More steps than any model has tokens would find nothing. */
const MOST_STEPS = 4096;

function readSteps(text: string | undefined, schedule: Schedule): number {
  const listed = scheduleSteps(schedule);
  const steps = text === undefined
    ? listed ?? DEFAULTS.steps
    : readWhole("steps", text, 1, MOST_STEPS);
  if (listed !== undefined && steps !== listed) {
    throw new UsageError(
      `--schedule lists ${listed} steps, but --steps is ${steps}; leave it ` +
        `out.`,
    );
  }
  try {
    maskedCounts(schedule, 1, steps);
  } catch (error) {
    throw new UsageError(`--schedule: ${(error as Error).message}.`);
  }
  return steps;
}
