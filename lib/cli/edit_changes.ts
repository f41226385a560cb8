/** The kinds of edits, and what the command line says of each. */

import { STRENGTH } from "../muse/edit_options.ts";
import { type Change, type ChangeForm, form } from "./edit_change.ts";
import { free } from "./edit_free_form.ts";
import { inpaint, outpaint } from "./edit_region.ts";
import { readWholePicture, WHOLE_USAGE } from "./edit_whole_form.ts";
import {
  readSettings,
  SETTING_OPTIONS,
  SETTING_USAGE,
} from "./generate_settings.ts";
import { readNumber } from "./values.ts";

const vary = form({
  summary: "draw a part of a picture's tokens anew, chosen at random",
  about: `\
Draws a part of a picture's tokens anew by a prompt, chosen at random. No pixel
stays to the last bit.`,
  usage: `\
  --strength X            share of the tokens, from 0, which shows what the
                          tokenizer keeps of the picture, to 1, which leaves
                          nothing of it (${STRENGTH})
${WHOLE_USAGE};
                          the strength is the share of the steps then
${SETTING_USAGE}`,
  options: { strength: "value", whole: "flag", ...SETTING_OPTIONS },
  read: (values) => ({
    kind: "vary",
    strength: values.strength === undefined
      ? STRENGTH
      : readNumber("strength", values.strength, 0, 1),
    whole: readWholePicture(values),
    settings: readSettings(values),
  }),
});

/** All kinds of edits. */
export const CHANGES: Readonly<Record<Change["kind"], ChangeForm>> = {
  inpaint,
  outpaint,
  free,
  vary,
};
