/**
 * How often things occur: the numbers of groups and objects, sizes, styles,
 * relations and backgrounds of the training scenes and of the held-out ones.
 */

import type { Rng } from "../../lib/run/random.ts";
import { BACKGROUND_NAMES, GRADIENTS } from "./colours.ts";
import type { Combination } from "./held_out.ts";
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
  readonly tinted: readonly boolean[];
  readonly backgrounds: BackgroundShares;
}

/** How often backgrounds of some sorts occur. */
interface BackgroundShares {
  /** Of the scenes. */
  readonly gradient: number;
  /** Of the plain backgrounds; the others have any colour. */
  readonly white: number;
}

/** A background by chance. */
export function drawBackground(
  { gradient, white }: BackgroundShares,
  rng: Rng,
): Background {
  if (rng.uniform() < gradient) return drawGradient(rng);
  const colour = rng.uniform() < white ? "white" : rng.pick(BACKGROUND_NAMES);
  return { type: "plain", colour };
}

/** Any of the gradients, either way. */
export function drawGradient(rng: Rng): Background {
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

/** How often things occur in a scene. */
interface Frequencies {
  /** Weights of 1, 2 and 3 groups. */
  readonly groups: readonly number[];
  /** Weights of 1, 2, 3 and 4 objects, in a scene of 1, 2 and 3 groups. */
  readonly counts: readonly (readonly number[])[];
  /** Share of the scenes of 1, 2 and 3 groups that show a relation. */
  readonly related: readonly number[];
  /** Weights of the styles. */
  readonly styles: readonly number[];
  /** Weights of the relations of two groups, as RELATIONS has them. */
  readonly relations: readonly number[];
  /** Share of the groups. */
  readonly tinted: number;
  readonly backgrounds: BackgroundShares;
}

/**
 * Large things, most of them in 3d, which is what a caption without a style
 * means, on white: the same looks again and again. What is empty teaches nothing.
 */
const PLAIN: Frequencies = {
  groups: [34, 28, 38],
  counts: [[46, 18, 18, 18], [54, 30, 8, 8], [88, 8, 3, 1]],
  related: [0, 0.8, 0.4],
  styles: [3, 1],
  relations: RELATIONS.map(() => 1),
  tinted: 0.25,
  backgrounds: { gradient: 0.06, white: 0.5 },
};

/**
 * Nearly as balanced.ts has them: every value as often as another. Tints, and
 * one thing in front of another, are what takes longest to learn: they occur
 * twice as often as there.
 */
const EVEN: Frequencies = {
  groups: [6, 13, 1],
  counts: [[1, 1, 1, 1], [1, 1, 1, 1], [2, 1, 1, 1]],
  related: [0, 10 / 13, 0],
  styles: [1, 1],
  relations: RELATIONS.map((name) => name === "in front of" ? 2 : 1),
  tinted: 0.55,
  backgrounds: { gradient: 1 / (BACKGROUND_NAMES.length + 1), white: 0 },
};

/** Share of the training scenes that are even. */
const EVEN_SHARE = 0.6;

const SIZE_WEIGHTS: Record<Size, number> = { small: 12, medium: 76, large: 12 };

function drawCounts(
  { counts }: Frequencies,
  groups: number,
  rng: Rng,
): number[] {
  return Array.from(
    { length: groups },
    () => 1 + draw(counts[groups - 1], rng),
  );
}

/** A size for every group. */
export function drawSizes(
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

function drawTinted(
  { tinted }: Frequencies,
  groups: number,
  rng: Rng,
): boolean[] {
  return Array.from({ length: groups }, () => rng.uniform() < tinted);
}

const BESIDE = RELATIONS.filter((relation) => relation !== "in front of");

/** The structure of a training scene. */
export function drawStructure(rng: Rng): Structure {
  const frequencies = rng.uniform() < EVEN_SHARE ? EVEN : PLAIN;
  const groups = 1 + draw(frequencies.groups, rng);
  const related = rng.uniform() < frequencies.related[groups - 1];
  const relation = !related
    ? null
    : groups === 2
    ? RELATIONS[draw(frequencies.relations, rng)]
    : rng.pick(BESIDE);
  return {
    style: STYLES[draw(frequencies.styles, rng)],
    relation,
    counts: drawCounts(frequencies, groups, rng),
    sizes: drawSizes(groups, relation, rng),
    tinted: drawTinted(frequencies, groups, rng),
    backgrounds: frequencies.backgrounds,
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
    counts: drawCounts(PLAIN, groups, rng),
    sizes: drawSizes(groups, relation, rng),
    tinted: [sort === "tint"],
    backgrounds: PLAIN.backgrounds,
  };
}
