/** The edit by a prompt alone, as the command line says it. */

import { FREE_EDIT_DEFAULTS, freeSettingsOf } from "../muse/edit_options.ts";
import { type ChangeForm, form, type FreeSettings } from "./edit_change.ts";
import { UsageError } from "./errors.ts";
import { checkNegative } from "./guidance_text.ts";
import { FORMS } from "./setting_forms.ts";
import {
  readSuperres,
  SUPERRES_OPTIONS,
  SUPERRES_USAGE,
} from "./superres_settings.ts";
import { readShare, readWhole } from "./values.ts";

const MOST_ITERATIONS = 10_000;

/** `edit free` */
export const free: ChangeForm = form({
  summary: "let a picture drift to a prompt, without a mask",
  about: `\
Lets a picture drift to a prompt: a few of its tokens, chosen at random, are
drawn anew again and again. Earlier iterations are nearer to the picture.`,
  usage: `\
  --iterations N          how often tokens are drawn anew (${FREE_EDIT_DEFAULTS.iterations})
  --share X               the share of them each time (${FREE_EDIT_DEFAULTS.share})
  --keep-every N          write the pictures of every N iterations too, as the
                          base draws them
  --superres-kept         super-resolve these too
  --guidance T            scale t in every iteration, A..B from the first to the
                          last, or a list (${
    FORMS.guidance.text(FREE_EDIT_DEFAULTS.guidance)
  })
  --temperature X         of the tokens' distribution, or A..B, or a list (${
    FORMS.temperature.text(FREE_EDIT_DEFAULTS.temperature)
  })
  --top-k K               draw from the K likeliest tokens only (${FREE_EDIT_DEFAULTS.topK})
  --top-p P               draw from the likeliest tokens that make up this share
                          of the probability, above 0 and up to 1
  --negative TEXT         what guidance leads away from
${SUPERRES_USAGE}`,
  options: {
    iterations: "value",
    share: "value",
    "keep-every": "value",
    "superres-kept": "flag",
    guidance: "value",
    temperature: "value",
    "top-k": "value",
    "top-p": "value",
    negative: "value",
    ...SUPERRES_OPTIONS,
  },
  read(values) {
    const { iterations, share, guidance, temperature, negative } = values;
    const given = <T>(text: string | undefined, read: (text: string) => T) =>
      text === undefined ? undefined : read(text);
    const { seed: _, ...settings } = freeSettingsOf({
      iterations: given(
        iterations,
        (text) => readWhole("iterations", text, 1, MOST_ITERATIONS),
      ),
      share: given(share, (text) => readShare("share", text)),
      guidance: given(guidance, FORMS.guidance.read),
      temperature: given(temperature, FORMS.temperature.read),
      topK: given(values["top-k"], FORMS.topK.read),
      topP: given(values["top-p"], FORMS.topP.read),
      negative: given(negative, FORMS.negative.read),
      ...readSuperres(values),
    });
    checkFree(settings);
    const keepEvery = given(
      values["keep-every"],
      (text) => readWhole("keep-every", text, 1, MOST_ITERATIONS),
    );
    const superresKept = values["superres-kept"];
    if (superresKept && keepEvery === undefined) {
      throw new UsageError("--superres-kept needs --keep-every.");
    }
    if (superresKept && settings.superresSteps === 0) {
      throw new UsageError(
        "give --superres-kept or --no-superres, not both.",
      );
    }
    return { kind: "free", keepEvery, superresKept, settings };
  },
});

function checkFree(settings: FreeSettings): void {
  const { iterations, guidance, temperature } = settings;
  for (
    const [option, listed] of [
      ["guidance", FORMS.guidance.steps!(guidance)],
      ["temperature", FORMS.temperature.steps!(temperature)],
    ]
  ) {
    if (listed === undefined || listed === iterations) continue;
    throw new UsageError(
      `--${option} lists ${listed} iterations, but there are to be ` +
        `${iterations}; list as many.`,
    );
  }
  checkNegative(settings, iterations);
}
