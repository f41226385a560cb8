/**
 * Reads a caption back into its claims, for tests. It shares no table with the
 * grammar but the kinds' nouns, so that a wrong word there is found here.
 */

import { KINDS } from "./kinds.ts";
import type { Relation, Size } from "./scene.ts";

/** What a caption claims of one group. */
export interface ParsedGroup {
  readonly kind: string;
  readonly count: number;
  readonly size: Size;
  readonly colour: string | null;
}

/** What a caption claims. */
export interface ParsedCaption {
  readonly groups: readonly ParsedGroup[];
  /** Of the first group to the second, as said. */
  readonly relation: Relation | null;
  /** One colour, or two of a gradient; null when unsaid. */
  readonly background: readonly string[] | null;
  readonly style: string | null;
}

const NUMBERS: Record<string, number> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  "2": 2,
  "3": 3,
  "4": 4,
};
const SIZES: Record<string, Size> = {
  small: "small",
  little: "small",
  tiny: "small",
  large: "large",
  big: "large",
  huge: "large",
};
const COLOURS =
  /^(red|orange|yellow|green|blue|purple|pink|brown|gray|white|black) /;
const GROUNDS: Record<string, string> = {
  "mint green": "light green",
  "sky blue": "light blue",
  grey: "gray",
  violet: "purple",
};
const RELATIONS: readonly (readonly [RegExp, Relation])[] = [
  [/ (?:(?:to|on) the )?left of /, "left of"],
  [/ (?:(?:to|on) the )?right of /, "right of"],
  [/ (?:above|over) /, "above"],
  [/ (?:below|under|beneath) /, "below"],
  [/ in front of /, "in front of"],
  [/ behind /, "in front of"],
];
const BACKGROUNDS = [
  /,? on an? (?<one>[a-z ]+) background$/,
  / against an? (?<one>[a-z ]+) background$/,
  / on an? (?<from>[a-z ]+) to (?<to>[a-z ]+) gradient$/,
  / on a gradient from (?<from>[a-z ]+) to (?<to>[a-z ]+)$/,
  / on a background fading from (?<from>[a-z ]+) to (?<to>[a-z ]+)$/,
  /, (?<from>[a-z ]+) to (?<to>[a-z ]+) gradient background$/,
  /, (?<one>[a-z ]+) background$/,
];
const STYLE_BEFORE = /^a (3d|flat) (?:render|drawing|picture|emoji) of /;
const STYLE_AFTER = /(?:,| in|, in) (3d|flat)(?: style| render| design)?$/;
const OPENING = /^an? (?:picture|image|emoji) of /;

const NOUNS = new Map(
  KINDS.flatMap((kind) =>
    kind.nouns.flatMap(({ singular, plural }) => [
      [`1 ${singular}`, kind.id] as const,
      [`2 ${plural}`, kind.id] as const,
    ])
  ),
);

/** The claims of a caption; one that cannot be read is an error. */
export function parseCaption(caption: string): ParsedCaption {
  let rest = caption;
  let style: string | null = null;
  for (const pattern of [STYLE_BEFORE, STYLE_AFTER]) {
    const match = rest.match(pattern);
    if (!match) continue;
    style = match[1];
    rest = rest.replace(pattern, "");
  }
  rest = rest.replace(OPENING, "");
  let background: string[] | null = null;
  for (const pattern of BACKGROUNDS) {
    const found = rest.match(pattern)?.groups;
    if (!found) continue;
    background = [found.one ?? found.from, found.to]
      .filter((name) => name !== undefined)
      .map((name) => GROUNDS[name] ?? name);
    rest = rest.replace(pattern, "");
    break;
  }
  const parsed = parseObjects(rest);
  if (!parsed) throw new Error(`Cannot read "${rest}" in "${caption}".`);
  return { ...parsed, background, style };
}

function parseObjects(
  text: string,
): Pick<ParsedCaption, "groups" | "relation"> | null {
  for (const [pattern, relation] of RELATIONS) {
    const parts = text.split(pattern);
    if (parts.length !== 2) continue;
    const first = parseList(parts[0]);
    const others = parseList(parts[1]);
    if (first?.length !== 1 || !others) continue;
    const groups = text.includes(" behind ")
      ? [others[0], ...first, ...others.slice(1)]
      : [...first, ...others];
    return { groups, relation };
  }
  const groups = parseList(text);
  return groups && { groups, relation: null };
}

/** Groups in a list; nouns may hold "and" and "with", so every cut is tried. */
function parseList(text: string): ParsedGroup[] | null {
  const whole = parseGroup(text);
  if (whole) return [whole];
  for (const cut of text.matchAll(/, and |, with | and | with |, /g)) {
    const first = parseGroup(text.slice(0, cut.index));
    const rest = first && parseList(text.slice(cut.index + cut[0].length));
    if (first && rest) return [first, ...rest];
  }
  return null;
}

function parseGroup(text: string): ParsedGroup | null {
  const [number, ...words] = text.split(" ");
  const count = NUMBERS[number];
  if (count === undefined) return null;
  const size = SIZES[words[0]];
  const rest = (size ? words.slice(1) : words).join(" ");
  const colour = rest.match(COLOURS)?.[1] ?? null;
  const key = count === 1 ? "1" : "2";
  // A colour may belong to the noun: "green apple".
  const bare = colour && rest.slice(colour.length + 1);
  const kind = NOUNS.get(`${key} ${rest}`);
  const coloured = bare && NOUNS.get(`${key} ${bare}`);
  if (kind) return { kind, count, size: size ?? "medium", colour: null };
  return coloured
    ? { kind: coloured, count, size: size ?? "medium", colour }
    : null;
}
