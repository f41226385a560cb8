/** The named colours of backgrounds and of tinted objects. */

/** Red, green and blue, 0 to 255. */
export type Rgb = readonly [number, number, number];

/** A colour of an object, its own or a tint. */
export type ObjectColour =
  | "red"
  | "orange"
  | "yellow"
  | "green"
  | "blue"
  | "purple"
  | "pink"
  | "brown"
  | "gray"
  | "white"
  | "black";

/** A colour objects can be tinted with. */
export type Tint = Exclude<ObjectColour, "gray" | "white" | "black">;

/** The tints as they are drawn. */
export const TINTS: Readonly<Record<Tint, Rgb>> = {
  red: [222, 40, 44],
  orange: [246, 134, 24],
  yellow: [250, 208, 36],
  green: [52, 164, 70],
  blue: [48, 108, 224],
  purple: [138, 66, 194],
  pink: [242, 112, 172],
  brown: [128, 82, 50],
};

/** What is known of a background colour. */
interface BackgroundColour {
  readonly rgb: Rgb;
  /** Other words for it. */
  readonly synonyms: readonly string[];
  /** Object colours that would vanish on it. */
  readonly hides: readonly ObjectColour[];
}

function background(
  rgb: Rgb,
  hides: readonly ObjectColour[],
  synonyms: readonly string[] = [],
): BackgroundColour {
  return { rgb, hides, synonyms };
}

/** A background colour. */
export type BackgroundName =
  | "white"
  | "light blue"
  | "light green"
  | "gray"
  | "black"
  | "red"
  | "orange"
  | "yellow"
  | "green"
  | "blue"
  | "purple"
  | "pink";

/** The background colours by name. */
export const BACKGROUNDS: Readonly<
  Record<BackgroundName, BackgroundColour>
> = {
  "white": background([255, 255, 255], ["white"]),
  "light blue": background([190, 224, 248], ["white"], ["sky blue"]),
  "light green": background([198, 236, 204], ["white"], ["mint green"]),
  "gray": background([142, 147, 156], ["gray"], ["grey"]),
  "black": background([26, 26, 30], ["black"]),
  "red": background([228, 84, 82], ["red", "pink"]),
  "orange": background([247, 164, 88], ["orange", "yellow", "brown"]),
  "yellow": background([252, 224, 112], ["yellow", "orange"]),
  "green": background([106, 186, 110], ["green"]),
  "blue": background([86, 142, 230], ["blue"]),
  "purple": background([152, 112, 208], ["purple"], ["violet"]),
  "pink": background([249, 172, 204], ["pink", "red"]),
};

/** The names of the background colours. */
export const BACKGROUND_NAMES = Object.keys(BACKGROUNDS) as BackgroundName[];

/** The names of the tints. */
export const TINT_NAMES = Object.keys(TINTS) as Tint[];

/** Whether an object of this colour can be made out on this background. */
export function isVisibleOn(
  colour: ObjectColour | null,
  name: BackgroundName,
): boolean {
  return colour === null || !BACKGROUNDS[name].hides.includes(colour);
}

/** Pairs of background colours that make a pleasant gradient, either way. */
export const GRADIENTS: readonly (readonly [BackgroundName, BackgroundName])[] =
  [
    ["light blue", "white"],
    ["light blue", "blue"],
    ["blue", "black"],
    ["blue", "purple"],
    ["purple", "pink"],
    ["pink", "orange"],
    ["red", "orange"],
    ["orange", "yellow"],
    ["yellow", "green"],
    ["gray", "white"],
  ];
