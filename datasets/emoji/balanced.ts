/**
 * Validation scenes: every value of every attribute is equally frequent. What
 * doesn't go together (a kind that its background hides, a combination that is
 * held out) is not drawn again, which would make the values that are refused
 * more often rarer. Instead the values of a round of scenes change places until
 * each fits the scene it is in.
 */

import { createRng } from "../../lib/run/random.ts";
import {
  BACKGROUND_NAMES,
  isVisibleOn,
  type Tint,
  TINT_NAMES,
} from "./colours.ts";
import { isHeldOut } from "./held_out.ts";
import { type Kind, KINDS, tintsOf } from "./kinds.ts";
import {
  type Background,
  backgroundColours,
  type Relation,
  RELATIONS,
  type Scene,
  type Size,
  type Style,
  STYLES,
} from "./scene.ts";
import { drawGradient, drawSizes } from "./structure.ts";
import { isClear } from "./visible.ts";

/** A scene but for its objects' kinds. */
interface Frame {
  readonly style: Style;
  readonly relation: Relation | null;
  readonly background: Background;
  readonly counts: readonly number[];
  readonly sizes: readonly Size[];
  /** Of the first group. */
  readonly tint: Tint | null;
}

interface Arrangement {
  readonly relation: Relation | null;
  readonly groups: number;
}

/** Half of the scenes show a relation, and most others a single group. */
const ARRANGEMENTS: readonly Arrangement[] = [
  ...[...RELATIONS, ...RELATIONS].map((relation) => ({ relation, groups: 2 })),
  ...[1, 1, 1, 1, 1, 1, 2, 2, 2, 3]
    .map((groups) => ({ relation: null, groups })),
];
/** How many of them have a second group. */
const PAIRS = ARRANGEMENTS.filter(({ groups }) => groups > 1).length;

/** Scenes of a round: whole turns of the arrangements, for about every kind. */
const TURNS = Math.ceil(KINDS.length / ARRANGEMENTS.length);
const ROUND = TURNS * ARRANGEMENTS.length;

/**
 * A stretch of an endless sequence in which the values come in a new random
 * order every `values.length` places.
 */
function sequence<T>(
  values: readonly T[],
  name: string,
  seed: number,
  from: number,
  length: number,
): T[] {
  let order: T[] = [];
  return Array.from({ length }, (_, i) => {
    const place = (from + i) % values.length;
    if (i === 0 || place === 0) {
      const cycle = Math.floor((from + i) / values.length);
      order = createRng("emoji cycle", name, seed, cycle).shuffle(values);
    }
    return order[place];
  });
}

/**
 * The values in an order in which each fits its place: one that doesn't changes
 * places with the next one such that both do.
 */
function match<T>(
  values: readonly T[],
  fits: (value: T, place: number) => boolean,
): T[] {
  const matched = [...values];
  for (let place = 0; place < matched.length; place++) {
    if (fits(matched[place], place)) continue;
    const others = matched.map((_, step) => (place + step) % matched.length);
    const other = others.find((other) =>
      fits(matched[other], place) && fits(matched[place], other)
    );
    if (other === undefined) {
      throw new Error("No emoji scene of a round can take one of its values.");
    }
    [matched[place], matched[other]] = [matched[other], matched[place]];
  }
  return matched;
}

function framesOf(seed: number, round: number): Frame[] {
  const column = <T>(
    values: readonly T[],
    name: string,
    length: number = ROUND,
  ) => sequence(values, name, seed, round * length, length);
  const arrangements = column(ARRANGEMENTS, "arrangement");
  const styles = column(STYLES, "style");
  const firstCounts = column([1, 2, 3, 4], "first count");
  const secondCounts = column([1, 2, 3, 4], "second count", TURNS * PAIRS);
  const colours = column([...BACKGROUND_NAMES, null], "background");
  const rngs = colours.map((_, place) =>
    createRng("emoji frame", seed, round * ROUND + place)
  );
  const backgrounds = colours.map((colour, place): Background =>
    colour === null ? drawGradient(rngs[place]) : { type: "plain", colour }
  );
  const tinted = column([true, false], "tinted")
    .flatMap((tinted, place) => tinted ? [place] : []);
  const tints = match(
    column(TINT_NAMES, "tint", ROUND / 2),
    (tint, i) => isSeenOn(tint, backgrounds[tinted[i]]),
  );
  const tintOf = new Map(tinted.map((place, i) => [place, tints[i]]));
  return arrangements.map(({ relation, groups }, place) => ({
    style: styles[place],
    relation,
    background: backgrounds[place],
    counts: [
      firstCounts[place],
      ...(groups > 1 ? [secondCounts.shift()!] : []),
      ...(groups > 2 ? [1] : []),
    ],
    sizes: drawSizes(groups, relation, rngs[place]),
    tint: tintOf.get(place) ?? null,
  }));
}

function isSeenOn(tint: Tint, background: Background): boolean {
  return backgroundColours(background).every((name) => isVisibleOn(tint, name));
}

/** The first groups of a frame's scene, as many as there are kinds. */
function fill(
  { style, relation, background, sizes, tint }: Frame,
  kinds: readonly Kind[],
): Scene {
  const groups = kinds.map(({ id }, i) => ({
    kind: id,
    tint: i === 0 ? tint : null,
    size: sizes[i],
    boxes: [],
  }));
  return { style, relation, background, groups };
}

/** Whether a frame can show kinds, of its first groups at least. */
function isAcceptable(frame: Frame, kinds: readonly Kind[]): boolean {
  if (frame.tint !== null && !tintsOf(kinds[0]).includes(frame.tint)) {
    return false;
  }
  const scene = fill(frame, kinds);
  return isClear(scene) && !isHeldOut(scene);
}

/** A scene without its boxes, and its numbers of objects. */
interface Balanced {
  readonly scene: Scene;
  readonly counts: readonly number[];
}

function makeRound(seed: number, round: number): Balanced[] {
  const frames = framesOf(seed, round);
  const kindsFor = (name: string, length: number) =>
    sequence(KINDS, name, seed, round * length, length);
  const first = match(
    kindsFor("first kind", ROUND),
    (kind, place) => isAcceptable(frames[place], [kind]),
  );
  const pairs = frames
    .flatMap(({ counts }, place) => counts.length > 1 ? [place] : []);
  const second = match(
    kindsFor("second kind", pairs.length),
    (kind, i) => isAcceptable(frames[pairs[i]], [first[pairs[i]], kind]),
  );
  const secondOf = new Map(pairs.map((place, i) => [place, second[i]]));
  return frames.map((frame, place) => {
    const kinds = [first[place]];
    const partner = secondOf.get(place);
    if (partner) kinds.push(partner);
    if (frame.counts.length > 2) {
      const rng = createRng("emoji third kind", seed, round * ROUND + place);
      kinds.push(rng.pick(
        KINDS.filter((kind) => isAcceptable(frame, [...kinds, kind])),
      ));
    }
    return { scene: fill(frame, kinds), counts: frame.counts };
  });
}

/** The latest rounds that were made, by seed and number. */
const rounds = new Map<string, Balanced[]>();
const KEPT_ROUNDS = 16;

/** The validation scene at an index, which lacks only its boxes. */
export function balancedScene(seed: number, index: number): Balanced {
  const round = Math.floor(index / ROUND);
  const key = `${seed} ${round}`;
  let scenes = rounds.get(key);
  if (!scenes) {
    scenes = makeRound(seed, round);
    rounds.set(key, scenes);
    const [oldest] = rounds.keys();
    if (rounds.size > KEPT_ROUNDS) rounds.delete(oldest);
  }
  return scenes[index % ROUND];
}
