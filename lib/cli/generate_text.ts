/** The settings of a picture as text, for its file, its trace and `--json`. */

import type { GenerateRequest } from "./generate_args.ts";
import { guidanceText, scheduleText } from "./values.ts";

/** The settings as `--json` prints them; null is what was left out. */
export function settingsRecord({ settings }: GenerateRequest) {
  const { steps, schedule, guidance, temperature } = settings;
  return {
    steps,
    schedule: scheduleText(schedule),
    guidance: guidanceText(guidance),
    temperature,
    choiceTemperature: settings.choiceTemperature,
    topK: settings.topK ?? null,
    topP: settings.topP ?? null,
    negative: settings.negative ?? null,
  };
}

/**
 * The text chunks of a picture: with them it can be drawn again. Settings
 * are in the form that the options take.
 */
export function pictureText(
  request: GenerateRequest,
  model: { readonly name: string; readonly hash: string },
  made: { readonly prompt: string; readonly seed: string },
): Record<string, string> {
  const { choiceTemperature, topK, topP, negative, ...rest } = settingsRecord(
    request,
  );
  const text = {
    ...made,
    model: model.name,
    "model hash": model.hash,
    ...rest,
    "choice temperature": choiceTemperature,
    ...(topK === null ? {} : { "top k": topK }),
    ...(topP === null ? {} : { "top p": topP }),
    ...(negative === null ? {} : { negative }),
    Software: "Muselab", // a key of the PNG specification
  };
  return Object.fromEntries(
    Object.entries(text).map(([key, value]) => [key, String(value)]),
  );
}
