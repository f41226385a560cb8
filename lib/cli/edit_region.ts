/** Edits of a region of a picture, as the command line says them. */

import type { Box } from "../image/pixel_mask.ts";
import { type ChangeForm, form, type Region } from "./edit_change.ts";
import { readWholePicture, WHOLE_USAGE } from "./edit_whole_form.ts";
import { UsageError } from "./errors.ts";
import {
  readSettings,
  SETTING_OPTIONS,
  SETTING_USAGE,
} from "./generate_settings.ts";
import type { Options } from "./options.ts";
import { readNumber, readNumbers, readText, readWhole } from "./values.ts";

const REGION_USAGE = `\
  --context X             let the model see a square of X times the region's
                          longer side only, larger; all it can by default
${WHOLE_USAGE}
  --no-composite          let all that the model saw be as it draws it; else
                          pixels outside the region stay as they are
${SETTING_USAGE}`;

const REGION_OPTIONS = {
  context: "value",
  whole: "flag",
  "no-composite": "flag",
  ...SETTING_OPTIONS,
} as const;

function readRegion(
  values: Options<typeof REGION_OPTIONS>["values"],
): Region {
  if (values.whole && values.context !== undefined) {
    throw new UsageError("--whole shows the model all; leave out --context.");
  }
  return {
    composite: !values["no-composite"],
    context: values.context === undefined
      ? undefined
      : readNumber("context", values.context, 1, 1000),
    whole: readWholePicture(values),
    settings: readSettings(values, true),
  };
}

/** `edit inpaint` */
export const inpaint: ChangeForm = form({
  summary: "draw a region of a picture anew",
  about: `\
Draws a region of a picture anew by a prompt. Pixels outside the region stay as
they are. The model sees the largest square of the picture around the region,
at its own size; what was in the region it doesn't see.`,
  usage: `\
  --mask FILE             a picture of the same size, white where the picture is
                          to be drawn anew; black and transparent parts stay
  --box X,Y,WIDTH,HEIGHT  or a box in pixels, from the upper left corner
${REGION_USAGE}`,
  options: { mask: "value", box: "value", ...REGION_OPTIONS },
  read: (values) => ({
    kind: "inpaint",
    where: readWhere(values.mask, values.box),
    ...readRegion(values),
  }),
});

function readWhere(mask: string | undefined, box: string | undefined) {
  if ((mask === undefined) === (box === undefined)) {
    throw new UsageError(
      "say what is to be drawn anew: by --mask or by --box, one of them.",
    );
  }
  return box === undefined
    ? { mask: readText("mask", mask)! }
    : { box: readBox(box) };
}

function readBox(text: string): Box {
  const numbers = readNumbers("box", text);
  const [x, y, width, height] = numbers;
  const whole = numbers.every((value) => Number.isSafeInteger(value));
  if (
    numbers.length === 4 && whole && x >= 0 && y >= 0 && width > 0 && height > 0
  ) return { x, y, width, height };
  throw new UsageError(
    `--box is X,Y,WIDTH,HEIGHT in whole pixels, such as 32,32,64,64, not ` +
      `"${text}".`,
  );
}

const SIDES = ["left", "right", "top", "bottom"] as const;

/** `edit outpaint` */
export const outpaint: ChangeForm = form({
  summary: "draw what lies around a picture",
  about: `\
Enlarges a picture and draws what is new by a prompt. The old pixels stay as
they are. The model sees the largest square around what is new, at its own size.`,
  usage: `\
  --left N, --right N,    pixels to draw at each side; at least one of them
  --top N, --bottom N
${REGION_USAGE}`,
  options: {
    left: "value",
    right: "value",
    top: "value",
    bottom: "value",
    ...REGION_OPTIONS,
  },
  read(values) {
    const [left, right, top, bottom] = SIDES.map((side) =>
      readWhole(side, values[side] ?? "0", 0, 65535)
    );
    if (left + right + top + bottom === 0) {
      throw new UsageError(
        "say how many pixels to draw: by --left, --right, --top or --bottom.",
      );
    }
    const margins = { left, right, top, bottom };
    return { kind: "outpaint", margins, ...readRegion(values) };
  },
});
