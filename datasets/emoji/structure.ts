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
}

/** A background by chance: half of them white, and few gradients. */
export function drawBackground(rng: Rng): Background {
  if (rng.uniform() < 0.06) return drawGradient(rng);
  const colour = rng.uniform() < 0.5 ? "white" : rng.pick(BACKGROUND_NAMES);
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

/** How often scenes have 1, 2, 3 groups: what is empty teaches nothing. */
const GROUP_WEIGHTS = [34, 28, 38];
/** How often 1, 2, 3, 4 objects stand in a scene of 1, 2, 3 groups. */
const COUNT_WEIGHTS = [[46, 18, 18, 18], [54, 30, 8, 8], [88, 8, 3, 1]];
/** 3d, which is what a caption without a style means, and flat. */
export const STYLE_WEIGHTS = [3, 1];
const SIZE_WEIGHTS: Record<Size, number> = { small: 12, medium: 76, large: 12 };

function drawCounts(groups: number, rng: Rng): number[] {
  return Array.from(
    { length: groups },
    () => 1 + draw(COUNT_WEIGHTS[groups - 1], rng),
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

function drawTinted(groups: number, rng: Rng): boolean[] {
  return Array.from({ length: groups }, () => rng.uniform() < 0.14);
}

const BESIDE = RELATIONS.filter((relation) => relation !== "in front of");

/** The structure of a training scene. */
export function drawStructure(rng: Rng): Structure {
  const groups = 1 + draw(GROUP_WEIGHTS, rng);
  const related = rng.uniform() < [0, 0.8, 0.4][groups - 1];
  const relation = !related
    ? null
    : rng.pick(groups === 2 ? RELATIONS : BESIDE);
  return {
    style: STYLES[draw(STYLE_WEIGHTS, rng)],
    relation,
    counts: drawCounts(groups, rng),
    sizes: drawSizes(groups, relation, rng),
    tinted: drawTinted(groups, rng),
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
    tinted: [sort === "tint"],
  };
}
