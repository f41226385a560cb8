/** The kinds of object a scene can hold, read from the curated tables. */

import { type ObjectColour, type Tint, TINT_NAMES } from "./colours.ts";
import { ANIMALS, FOOD, PLANTS, SKY } from "./table_nature.ts";
import { ACTIVITIES, PEOPLE, THINGS, TRAVEL } from "./table_made.ts";
import { type Noun, pluralize } from "./words.ts";

/** The categories of kinds. */
export type Category =
  | "animal"
  | "plant"
  | "food"
  | "sky"
  | "person"
  | "travel"
  | "activity"
  | "thing";

const TABLES: Readonly<Record<Category, string>> = {
  animal: ANIMALS,
  plant: PLANTS,
  food: FOOD,
  sky: SKY,
  person: PEOPLE,
  travel: TRAVEL,
  activity: ACTIVITIES,
  thing: THINGS,
};

/** A kind of object. */
export interface Kind {
  /** The usual noun, which is also the kind's name in a scene. */
  readonly id: string;
  /** The emoji itself, fully qualified. */
  readonly emoji: string;
  /** The code points in lower-case hex joined by "-", without FE0F. */
  readonly code: string;
  /** The table it comes from. */
  readonly category: Category;
  /** The colour it has in every style, null when it has many. */
  readonly colour: ObjectColour | null;
  /** The colour it comes near or has, which hides it on such a background. */
  readonly near: ObjectColour | null;
  /** The usual noun first, then synonyms. */
  readonly nouns: readonly Noun[];
}

const COLOURS: readonly ObjectColour[] = [
  ...TINT_NAMES,
  "gray",
  "white",
  "black",
];

/** All kinds, in the order of the tables. */
export const KINDS: readonly Kind[] = Object.entries(TABLES).flatMap(
  ([category, table]) =>
    table.trim().split("\n").map((row) => readRow(row, category as Category)),
);

const BY_ID = new Map(KINDS.map((kind) => [kind.id, kind]));

/** The kind of that name; an unknown name is an error. */
export function kindOf(id: string): Kind {
  const kind = BY_ID.get(id);
  if (!kind) throw new Error(`There is no kind of object named "${id}".`);
  return kind;
}

function readRow(row: string, category: Category): Kind {
  const match = row.match(/^(\S+) +(\S+) +(.+)$/);
  if (!match) throw new Error(`The table of kinds has a bad row: "${row}".`);
  const [, emoji, colour, names] = match;
  const nouns = names.split(" | ").map((name): Noun => {
    const [singular, plural] = name.split("/");
    return { singular, plural: plural ?? pluralize(singular) };
  });
  return {
    id: nouns[0].singular,
    emoji,
    code: [...emoji].map((char) => char.codePointAt(0)!.toString(16))
      .filter((hex) => hex !== "fe0f").join("-"),
    category,
    colour: /^[-~]/.test(colour) ? null : readColour(colour, row),
    near: colour === "-" ? null : readColour(colour.replace("~", ""), row),
    nouns,
  };
}

function readColour(word: string, row: string): ObjectColour {
  const colour = COLOURS.find((name) => name === word);
  if (!colour) throw new Error(`Unknown colour in the row "${row}".`);
  return colour;
}

const ALL_NOUNS = new Set(
  KINDS.flatMap((kind) => kind.nouns.map((noun) => noun.singular)),
);

const TINTS_OF = new Map(
  KINDS.map((kind) => [
    kind.id,
    TINT_NAMES.filter((tint) =>
      tint !== kind.colour &&
      !kind.nouns.some(({ singular }) => ALL_NOUNS.has(`${tint} ${singular}`))
    ),
  ]),
);

/**
 * The tints a kind can take: not its own colour, and none whose caption would
 * name another kind ("green apple" is one).
 */
export function tintsOf(kind: Kind): readonly Tint[] {
  return TINTS_OF.get(kind.id)!;
}
