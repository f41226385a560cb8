/** Scenes by seed: the training distribution and the two validation splits. */

import { createRng, type Rng } from "../../lib/run/random.ts";
import {
  BACKGROUND_NAMES,
  type BackgroundName,
  GRADIENTS,
  isVisibleOn,
  TINT_NAMES,
} from "./colours.ts";
import {
  type Combination,
  COMBINATIONS,
  combinationsOf,
  isHeldOut,
  isHeldOutCombination,
} from "./held_out.ts";
import { type Kind, kindOf, KINDS, tintsOf } from "./kinds.ts";
import { layOut } from "./layout.ts";
import {
  type Background,
  backgroundColours,
  DIRECTIONS,
  type Relation,
  RELATIONS,
  type Scene,
  type Size,
  type Style,
  STYLES,
} from "./scene.ts";

/**
 * The splits. `train` and `validation` hold only combinations that training
 * sees, `validation` with objects, colours, counts and relations balanced; a
 * scene of `heldout` shows at least one combination that training never does.
 */
export const SPLITS = ["train", "validation", "heldout"] as const;
/** A split. */
export type Split = (typeof SPLITS)[number];

/** Options of {@linkcode sampleScene}. */
export interface SampleOptions {
  /** Another seed is another data set; 0 by default. */
  readonly seed?: number;
}

/** What is decided before kinds and colours, which may have to be redrawn. */
interface Structure {
  readonly style: Style;
  readonly relation: Relation | null;
  readonly counts: readonly number[];
  readonly sizes: readonly Size[];
  /** Values to try first; the balanced split fixes them. */
  readonly first: {
    readonly kinds: readonly Kind[];
    readonly colour?: BackgroundName;
    readonly tinted: readonly boolean[];
  };
}

/** The scene at that place of a split: a pure function of its arguments. */
export function sampleScene(
  split: Split,
  index: number,
  { seed = 0 }: SampleOptions = {},
): Scene {
  if (!Number.isInteger(index) || index < 0) {
    throw new RangeError(
      `A scene's index is a whole number from 0 on, not ${index}.`,
    );
  }
  const rng = createRng("emoji", split, seed, index);
  switch (split) {
    case "train":
      return compose(drawStructure(rng), rng, (scene) => !isHeldOut(scene));
    case "validation":
      return compose(
        balancedStructure(seed, index, rng),
        rng,
        (scene) => !isHeldOut(scene),
      );
    case "heldout": {
      const sort = COMBINATIONS[index % COMBINATIONS.length];
      return compose(
        heldOutStructure(sort, rng),
        rng,
        (scene) => combinationsOf(scene, sort).some(isHeldOutCombination),
      );
    }
  }
}

/** Draws kinds and colours until the scene is acceptable, then lays it out. */
function compose(
  structure: Structure,
  rng: Rng,
  accept: (scene: Scene) => boolean,
): Scene {
  for (let attempt = 0; attempt < 10_000; attempt++) {
    const scene = drawContent(structure, rng, attempt);
    if (!isClear(scene) || !accept(scene)) continue;
    const slots = scene.groups.map(({ size }, i) => ({
      count: structure.counts[i],
      size,
    }));
    const boxes = layOut(slots, scene.relation, rng);
    return {
      ...scene,
      groups: scene.groups.map((group, i) => ({ ...group, boxes: boxes[i] })),
    };
  }
  throw new Error("No acceptable emoji scene was found in 10000 draws.");
}

/** A scene without its boxes. */
function drawContent(
  { style, relation, counts, sizes, first }: Structure,
  rng: Rng,
  attempt: number,
): Scene {
  // What the balance asks for is kept as long as it can be: the partners and
  // the colours are redrawn at once, the first kind only after many failures.
  const kinds = counts.map((_, i) =>
    first.kinds[i] && (attempt === 0 || (i === 0 && attempt < 50))
      ? first.kinds[i]
      : rng.pick(KINDS)
  );
  const background: Background = first.colour && attempt < 8
    ? { type: "plain", colour: first.colour }
    : drawBackground(rng);
  return {
    style,
    relation,
    background,
    groups: kinds.map((kind, i) => ({
      kind: kind.id,
      tint: first.tinted[i] ? rng.pick(tintsOf(kind)) : null,
      size: sizes[i],
      boxes: [],
    })),
  };
}

/** Whether kinds differ and every object can be made out. */
function isClear({ groups, background }: Scene): boolean {
  if (new Set(groups.map((group) => group.kind)).size < groups.length) {
    return false;
  }
  return groups.every(({ kind, tint }) =>
    backgroundColours(background).every((name) =>
      isVisibleOn(tint ?? kindOf(kind).near, name)
    )
  );
}

function drawBackground(rng: Rng): Background {
  if (rng.uniform() < 0.2) {
    const pair = rng.pick(GRADIENTS);
    const [from, to] = rng.uniform() < 0.5 ? pair : [pair[1], pair[0]];
    return { type: "gradient", from, to, direction: rng.pick(DIRECTIONS) };
  }
  const colour = rng.uniform() < 0.25 ? "white" : rng.pick(BACKGROUND_NAMES);
  return { type: "plain", colour };
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
function drawStructure(rng: Rng): Structure {
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
function heldOutStructure(sort: Combination, rng: Rng): Structure {
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
const NOT_TINTED: readonly null[] = TINT_NAMES.map(() => null);

/** The structure of a validation scene. */
function balancedStructure(seed: number, index: number, rng: Rng): Structure {
  const turn = <T>(values: readonly T[], name: string) =>
    cycle(values, name, seed, index);
  const relation = turn([...RELATIONS, ...NO_RELATION], "relation");
  const groups = relation ? 2 : 1 + draw([6, 3, 1], rng);
  const counts = [
    turn([1, 2, 3, 4], "first count"),
    turn([1, 2, 3, 4], "second count"),
    1,
  ];
  const tinted = turn([...TINT_NAMES, ...NOT_TINTED], "tint") !== null;
  return {
    style: turn(STYLES, "style"),
    relation,
    counts: counts.slice(0, groups),
    sizes: drawSizes(groups, relation, rng),
    first: {
      kinds: [turn(KINDS, "first kind"), turn(KINDS, "second kind")],
      colour: turn(BACKGROUND_NAMES, "background"),
      tinted: [tinted],
    },
  };
}
