/** The kinds of edits, and what the command line says of each. */

import type { Box } from "../image/pixel_mask.ts";
import {
  FREE_EDIT_DEFAULTS,
  type FreeEditOptions,
  freeSettingsOf,
  type Margins,
  STRENGTH,
} from "../muse/edit_options.ts";
import { UsageError } from "./errors.ts";
import {
  readSettings,
  SETTING_OPTIONS,
  SETTING_USAGE,
} from "./generate_settings.ts";
import { isGuided } from "./guidance_text.ts";
import type { OptionKinds, Options } from "./options.ts";
import { FORMS, type Settings } from "./setting_forms.ts";
import {
  readNumber,
  readNumbers,
  readShare,
  readText,
  readWhole,
} from "./values.ts";

/** How a picture is edited without a mask, apart from which ones are drawn. */
export type FreeSettings = Omit<FreeEditOptions, "seed" | "keepEvery">;

/** How a region is drawn. */
interface Region {
  readonly composite: boolean;
  readonly context: number | undefined;
  readonly settings: Settings;
}

/** What is to be done to a picture. */
export type Change =
  | (Region & {
    readonly kind: "inpaint";
    readonly where: { readonly mask: string } | { readonly box: Box };
  })
  | (Region & { readonly kind: "outpaint"; readonly margins: Margins })
  | {
    readonly kind: "vary";
    readonly strength: number;
    readonly settings: Settings;
  }
  | {
    readonly kind: "free";
    readonly keepEvery: number | undefined;
    readonly settings: FreeSettings;
  };

/** One kind of edit on the command line. */
export interface ChangeForm {
  /** In the list of all kinds. */
  readonly summary: string;
  /** In its own help. */
  readonly about: string;
  /** How its options read in the help. */
  readonly usage: string;
  readonly options: OptionKinds;
  /**
   * @param values of its options, maybe among others
   * @throws UsageError
   */
  read(values: Readonly<Record<string, string | boolean | undefined>>): Change;
}

/** A form whose `read` knows what its own options are. */
function form<K extends OptionKinds>(
  own: Omit<ChangeForm, "options" | "read"> & {
    readonly options: K;
    read(values: Options<K>["values"]): Change;
  },
): ChangeForm {
  return {
    ...own,
    read: (values) => own.read(values as Options<K>["values"]),
  };
}

const REGION_USAGE = `\
  --context X             let the model see a square of X times the region's
                          longer side only, larger; all it can by default
  --no-composite          let all that the model saw be as it draws it; else
                          pixels outside the region stay as they are
${SETTING_USAGE}`;

const REGION_OPTIONS = {
  context: "value",
  "no-composite": "flag",
  ...SETTING_OPTIONS,
} as const;

function readRegion(
  values: Options<typeof REGION_OPTIONS>["values"],
): Region {
  return {
    composite: !values["no-composite"],
    context: values.context === undefined
      ? undefined
      : readNumber("context", values.context, 1, 1000),
    settings: readSettings(values),
  };
}

const inpaint = form({
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

const outpaint = form({
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

const vary = form({
  summary: "draw a part of a picture's tokens anew, chosen at random",
  about: `\
Draws a part of a picture's tokens anew by a prompt, chosen at random. No pixel
stays to the last bit.`,
  usage: `\
  --strength X            share of the tokens, from 0, which shows what the
                          tokenizer keeps of the picture, to 1, which leaves
                          nothing of it (${STRENGTH})
${SETTING_USAGE}`,
  options: { strength: "value", ...SETTING_OPTIONS },
  read: (values) => ({
    kind: "vary",
    strength: values.strength === undefined
      ? STRENGTH
      : readNumber("strength", values.strength, 0, 1),
    settings: readSettings(values),
  }),
});

const MOST_ITERATIONS = 10_000;

const free = form({
  summary: "let a picture drift to a prompt, without a mask",
  about: `\
Lets a picture drift to a prompt: a few of its tokens, chosen at random, are
drawn anew again and again. Earlier iterations are nearer to the picture.`,
  usage: `\
  --iterations N          how often tokens are drawn anew (${FREE_EDIT_DEFAULTS.iterations})
  --share X               the share of them each time (${FREE_EDIT_DEFAULTS.share})
  --keep-every N          write the pictures of every N iterations too
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
  --negative TEXT         what guidance leads away from`,
  options: {
    iterations: "value",
    share: "value",
    "keep-every": "value",
    guidance: "value",
    temperature: "value",
    "top-k": "value",
    "top-p": "value",
    negative: "value",
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
    });
    checkFree(settings);
    return {
      kind: "free",
      keepEvery: given(
        values["keep-every"],
        (text) => readWhole("keep-every", text, 1, MOST_ITERATIONS),
      ),
      settings,
    };
  },
});

function checkFree(settings: FreeSettings): void {
  const { iterations, guidance, temperature, negative } = settings;
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
  if (negative !== undefined && !isGuided(guidance, iterations)) {
    throw new UsageError("--negative needs a --guidance above 0.");
  }
}

/** All kinds of edits. */
export const CHANGES: Readonly<Record<Change["kind"], ChangeForm>> = {
  inpaint,
  outpaint,
  free,
  vary,
};
