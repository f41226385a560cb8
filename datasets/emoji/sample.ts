/** Scenes by seed: the training distribution and the two validation splits. */

import { createRng, type Rng } from "../../lib/run/random.ts";
import { isVisibleOn } from "./colours.ts";
import {
  COMBINATIONS,
  combinationsOf,
  isHeldOut,
  isHeldOutCombination,
} from "./held_out.ts";
import { kindOf, KINDS, tintsOf } from "./kinds.ts";
import { layOut } from "./layout.ts";
import { backgroundColours, type Scene } from "./scene.ts";
import {
  balancedStructure,
  drawBackground,
  drawStructure,
  heldOutStructure,
  type Structure,
} from "./structure.ts";

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

/** How many draws try the balanced kind of the first, second, third group. */
const KEPT_ATTEMPTS = [60, 12, 0];

/** A scene without its boxes. */
function drawContent(
  { style, relation, counts, sizes, first }: Structure,
  rng: Rng,
  attempt: number,
): Scene {
  // What the balance asks for is kept as long as it can be: colours are redrawn
  // first, the partner after some failures, the first kind after many.
  const kinds = counts.map((_, i) =>
    attempt < KEPT_ATTEMPTS[i] && first.kinds[i] || rng.pick(KINDS)
  );
  const background = attempt === 0 && first.background ||
    drawBackground(rng, first.background !== undefined);
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
