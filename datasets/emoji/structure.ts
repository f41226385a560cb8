/**
 * How often things occur: the numbers of groups and objects, sizes, styles,
 * relations and backgrounds of the training scenes, of the balanced validation
 * scenes and of the held-out ones.
 */

import { createRng, type Rng } from "../../lib/run/random.ts";
import { BACKGROUND_NAMES, GRADIENTS } from "./colours.ts";
import type { Combination } from "./held_out.ts";
import { type Kind, KINDS } from "./kinds.ts";
import {
  type Background,
  DIRECTIONS,
  type Relation,
  RELATIONS,
  type Size,
  type Style,
  STYLES,
} from "./scene.ts";

/** What is decided before kinds and colours, which may have to be redrawn. */
export interface Structure {
  readonly style: Style;
  readonly relation: Relation | null;
  readonly counts: readonly number[];
  readonly sizes: readonly Size[];
  /** Values to try first; the balanced split fixes them. */
  readonly first: {
    readonly kinds: readonly Kind[];
    readonly background?: Background;
    readonly tinted: readonly boolean[];
  };
}

/** A background by chance: mostly plain, often white; balanced: plain colours. */
export function drawBackground(rng: Rng, balanced: boolean): Background {
  if (balanced) return { type: "plain", colour: rng.pick(BACKGROUND_NAMES) };
  if (rng.uniform() < 0.2) return drawGradient(rng);
  const colour = rng.uniform() < 0.25 ? "white" : rng.pick(BACKGROUND_NAMES);
  return { type: "plain", colour };
}

function drawGradient(rng: Rng): Background {
  const pair = rng.pick(GRADIENTS);
  const [from, to] = rng.uniform() < 0.5 ? pair : [pair[1], pair[0]];
  return { type: "gradient", from, to, direction: rng.pick(DIRECTIONS) };
}

/** Index of a weight, chosen in proportion. */
function draw(weights: readonly number[], rng: Rng): number {
  let left = rng.uniform() * weights.reduce((sum, weight) => sum + weight);
  const found = weights.findIndex((weight) => (left -= weight) < 0);
  return found < 0 ? weights.length - 1 : found;
}

/** How often 1, 2, 3, 4 objects stand in a scene of 1, 2, 3 groups. */
const COUNT_WEIGHTS = [[56, 18, 14, 12], [62, 20, 10, 8], [76, 16, 6, 2]];
const SIZE_WEIGHTS: Record<Size, number> = { small: 12, medium: 76, large: 12 };

function drawCounts(groups: number, rng: Rng): number[] {
  return Array.from(
    { length: groups },
    () => 1 + draw(COUNT_WEIGHTS[groups - 1], rng),
  );
}

function drawSizes(
  groups: number,
  relation: Relation | null,
  rng: Rng,
): Size[] {
  const names = Object.keys(SIZE_WEIGHTS) as Size[];
  const weights = Object.values(SIZE_WEIGHTS);
  // Depth already decides the sizes of "in front of".
  return Array.from(
    { length: groups },
    () => relation === "in front of" ? "medium" : names[draw(weights, rng)],
  );
}

function drawTinted(groups: number, rng: Rng): boolean[] {
  return Array.from({ length: groups }, () => rng.uniform() < 0.14);
}

const BESIDE = RELATIONS.filter((relation) => relation !== "in front of");

/** The structure of a training scene. */
export function drawStructure(rng: Rng): Structure {
  const groups = 1 + draw([52, 36, 12], rng);
  const related = rng.uniform() < [0, 0.8, 0.4][groups - 1];
  const relation = !related
    ? null
    : rng.pick(groups === 2 ? RELATIONS : BESIDE);
  return {
    style: rng.pick(STYLES),
    relation,
    counts: drawCounts(groups, rng),
    sizes: drawSizes(groups, relation, rng),
    first: { kinds: [], tinted: drawTinted(groups, rng) },
  };
}

/** The structure of a held-out scene that can show that sort of combination. */
export function heldOutStructure(sort: Combination, rng: Rng): Structure {
  const groups = sort === "pair" || sort === "place" ? 2 : 1;
  const relation = sort === "place" || (groups === 2 && rng.uniform() < 0.8)
    ? rng.pick(RELATIONS)
    : null;
  return {
    style: rng.pick(STYLES),
    relation,
    counts: drawCounts(groups, rng),
    sizes: drawSizes(groups, relation, rng),
    first: { kinds: [], tinted: [sort === "tint"] },
  };
}

/**
 * The values in a new random order every `values.length` indices, so that each
 * is equally frequent and no two attributes go together.
 */
function cycle<T>(
  values: readonly T[],
  name: string,
  seed: number,
  index: number,
): T {
  const round = Math.floor(index / values.length);
  const order = createRng("emoji cycle", name, seed, round).shuffle(values);
  return order[index % values.length];
}

const NO_RELATION: readonly null[] = RELATIONS.map(() => null);

/** The structure of a validation scene. */
export function balancedStructure(
  seed: number,
  index: number,
  rng: Rng,
): Structure {
  const turn = <T>(values: readonly T[], name: string) =>
    cycle(values, name, seed, index);
  const relation = turn([...RELATIONS, ...NO_RELATION], "relation");
  const groups = relation ? 2 : 1 + draw([6, 3, 1], rng);
  const counts = [
    turn([1, 2, 3, 4], "first count"),
    turn([1, 2, 3, 4], "second count"),
    1,
  ];
  const colour = turn([...BACKGROUND_NAMES, null, null], "background");
  const tinted = turn([true, false], "tint");
  return {
    style: turn(STYLES, "style"),
    relation,
    counts: counts.slice(0, groups),
    sizes: drawSizes(groups, relation, rng),
    first: {
      kinds: [turn(KINDS, "first kind"), turn(KINDS, "second kind")],
      background: colour === null
        ? drawGradient(rng)
        : { type: "plain", colour },
      tinted: [tinted],
    },
  };
}
