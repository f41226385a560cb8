/** Captions: a grammar with paraphrases whose every claim holds in the scene. */

import type { Rng } from "../../lib/run/random.ts";
import { type BackgroundName, BACKGROUNDS } from "./colours.ts";
import { kindOf } from "./kinds.ts";
import type { Background, Group, Relation, Scene } from "./scene.ts";
import type { Size, Style } from "./scene.ts";
import { NUMBER_WORDS, withArticle } from "./words.ts";

/** Words for the sizes that captions say. */
const SIZE_WORDS: Record<Size, readonly string[]> = {
  small: ["small", "small", "little", "tiny"],
  medium: [""],
  large: ["large", "big", "huge"],
};

/** Phrases for a relation, said of the first group or of the second. */
const RELATION_WORDS: Record<Relation, {
  readonly forth: readonly string[];
  readonly back: readonly string[];
}> = {
  "left of": {
    forth: ["to the left of", "left of", "on the left of"],
    back: ["to the right of", "right of", "on the right of"],
  },
  "right of": {
    forth: ["to the right of", "right of", "on the right of"],
    back: ["to the left of", "left of", "on the left of"],
  },
  "above": {
    forth: ["above", "above", "over"],
    back: ["below", "under", "beneath"],
  },
  "below": {
    forth: ["below", "under", "beneath"],
    back: ["above", "above", "over"],
  },
  "in front of": { forth: ["in front of"], back: ["behind"] },
};

/** Phrases for the styles: before the objects ("… of"), and at the end. */
const STYLE_WORDS: Record<Style, {
  readonly before: readonly string[];
  readonly after: readonly string[];
}> = {
  "3d": {
    before: ["a 3d render of", "a 3d picture of", "a 3d emoji of"],
    after: [", 3d style", ", in 3d", ", 3d render", " in 3d style"],
  },
  "flat": {
    before: ["a flat drawing of", "a flat picture of", "a flat emoji of"],
    after: [", flat style", ", flat design", ", flat", " in flat style"],
  },
};

/** Openings that claim nothing. */
const OPENINGS = ["a picture of", "an image of", "an emoji of"] as const;

/** What a picture looks like whose caption says no style. */
const UNSAID_STYLE: Style = "3d";

/** A caption of the scene, in words that the generator chooses. */
export function captionScene(scene: Scene, rng: Rng): string {
  const chance = (share: number) => rng.uniform() < share;
  const short = chance(0.3);
  const opening = short || chance(0.9) ? "" : `${rng.pick(OPENINGS)} `;
  const objects = describeObjects(scene, rng);
  const said = !isWhite(scene.background) || (!short && chance(0.3));
  const ground = said ? describeBackground(scene.background, rng) : "";
  const styled = scene.style !== UNSAID_STYLE || (!short && chance(0.5));
  if (!styled) return opening + objects + ground;
  const words = STYLE_WORDS[scene.style];
  return opening === "" && chance(0.25)
    ? `${rng.pick(words.before)} ${objects}${ground}`
    : opening + objects + ground + rng.pick(words.after);
}

/** White is what people mean who say nothing. */
function isWhite(background: Background): boolean {
  return background.type === "plain" && background.colour === "white";
}

function describeObjects({ groups, relation }: Scene, rng: Rng): string {
  const [first, second, third] = groups.map((group) =>
    describeGroup(group, rng)
  );
  if (second === undefined) return first;
  if (relation === null || rng.uniform() < 0.04) {
    // What is said first stands first, where no relation says otherwise.
    const order = relation === null
      ? [first, second]
      : rng.shuffle([first, second]);
    if (third === undefined) {
      return order.join(rng.pick([" and ", " and ", " with "]));
    }
    return `${order.join(", ")}${rng.pick([", and ", " and "])}${third}`;
  }
  const { forth, back } = RELATION_WORDS[relation];
  const pair = rng.uniform() < 0.7
    ? `${first} ${rng.pick(forth)} ${second}`
    : `${second} ${rng.pick(back)} ${first}`;
  return third === undefined ? pair : `${pair}, with ${third}`;
}

function describeGroup(group: Group, rng: Rng): string {
  const { nouns, colour } = kindOf(group.kind);
  const noun = rng.uniform() < 0.75 ? nouns[0] : rng.pick(nouns);
  const count = group.boxes.length;
  const name = count === 1 ? noun.singular : noun.plural;
  // Saying the colour a thing has anyway ties colour words to what they mean.
  const own = colour !== null && rng.uniform() < 0.2 &&
    !name.startsWith(`${colour} `);
  const shade = group.tint ?? (own ? colour : "");
  const adjectives = `${rng.pick(SIZE_WORDS[group.size])} ${shade}`.trim();
  const phrase = `${adjectives} ${name}`.trim();
  if (count > 1) {
    return `${rng.uniform() < 0.95 ? NUMBER_WORDS[count] : count} ${phrase}`;
  }
  return rng.uniform() < 0.97 ? withArticle(phrase) : `one ${phrase}`;
}

function nameColour(name: BackgroundName, rng: Rng): string {
  const { synonyms } = BACKGROUNDS[name];
  return synonyms.length > 0 && rng.uniform() < 0.3 ? rng.pick(synonyms) : name;
}

/** The background as it follows the objects. */
function describeBackground(background: Background, rng: Rng): string {
  if (background.type === "plain") {
    const colour = nameColour(background.colour, rng);
    return rng.pick([
      ` on ${withArticle(colour)} background`,
      ` on ${withArticle(colour)} background`,
      ` against ${withArticle(colour)} background`,
      `, ${colour} background`,
    ]);
  }
  const from = nameColour(background.from, rng);
  const to = nameColour(background.to, rng);
  return rng.pick([
    ` on ${withArticle(from)} to ${to} gradient`,
    ` on a gradient from ${from} to ${to}`,
    ` on a background fading from ${from} to ${to}`,
    `, ${from} to ${to} gradient background`,
  ]);
}
