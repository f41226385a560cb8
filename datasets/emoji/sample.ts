/** Scenes by seed: the training distribution and the two validation splits. */

import { createRng, type Rng } from "../../lib/run/random.ts";
import { balancedScene } from "./balanced.ts";
import {
  COMBINATIONS,
  combinationsOf,
  isHeldOut,
  isHeldOutCombination,
} from "./held_out.ts";
import { KINDS, tintsOf } from "./kinds.ts";
import { layOut } from "./layout.ts";
import type { Background, Scene } from "./scene.ts";
import {
  drawBackground,
  drawStructure,
  heldOutStructure,
  type Structure,
} from "./structure.ts";
import { isClear } from "./visible.ts";

/**
 * The splits. `train` and `validation` hold only combinations that training
 * sees, `validation` with objects, colours, counts and relations balanced; a
 * scene of `heldout` shows at least one combination that training never does.
 * None of the first {@linkcode RESERVED} scenes of `validation` is in `train`.
 */
export const SPLITS = ["train", "validation", "heldout"] as const;
/** A split. */
export type Split = (typeof SPLITS)[number];

/** How many validation scenes training never shows. */
export const RESERVED = 4096;

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
      return trainingScene(rng, reservedOf(seed));
    case "validation": {
      const { scene, counts } = balancedScene(seed, index);
      return withBoxes(scene, counts, rng);
    }
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

function trainingScene(rng: Rng, reserved: ReadonlySet<string>): Scene {
  const accept = (scene: Scene) => !isHeldOut(scene);
  let scene: Scene;
  do scene = compose(drawStructure(rng), rng, accept); while (
    reserved.has(JSON.stringify(scene))
  );
  return scene;
}

const reserved = new Map<number, ReadonlySet<string>>();

/** The validation scenes that training never shows, as lines. */
function reservedOf(seed: number): ReadonlySet<string> {
  let lines = reserved.get(seed);
  if (!lines) {
    lines = new Set(
      Array.from(
        { length: RESERVED },
        (_, i) => JSON.stringify(sampleScene("validation", i, { seed })),
      ),
    );
    reserved.set(seed, lines);
  }
  return lines;
}

/** Draws kinds and colours until the scene is acceptable, then lays it out. */
function compose(
  structure: Structure,
  rng: Rng,
  accept: (scene: Scene) => boolean,
): Scene {
  for (let attempt = 0; attempt < 10_000; attempt++) {
    const scene = drawContent(structure, rng);
    if (isClear(scene) && accept(scene)) {
      return withBoxes(scene, structure.counts, rng);
    }
  }
  throw new Error("No acceptable emoji scene was found in 10000 draws.");
}

/** A scene without its boxes. */
function drawContent(
  { style, relation, counts, sizes, tinted, backgrounds }: Structure,
  rng: Rng,
): Scene {
  const kinds = counts.map(() => rng.pick(KINDS));
  const groups = kinds.map((kind, i) => ({
    kind: kind.id,
    tint: tinted[i] ? rng.pick(tintsOf(kind)) : null,
    size: sizes[i],
    boxes: [],
  }));
  const on = (background: Background) => ({
    style,
    relation,
    background,
    groups,
  });
  let scene = on(drawBackground(backgrounds, rng));
  // Or white things would be rare, which can't stand on the commonest ground.
  for (let i = 0; i < 8 && !isClear(scene); i++) {
    scene = on(drawBackground(backgrounds, rng));
  }
  return scene;
}

/** The scene with a box for every object. */
function withBoxes(scene: Scene, counts: readonly number[], rng: Rng): Scene {
  const slots = scene.groups.map(({ size }, i) => ({ count: counts[i], size }));
  const boxes = layOut(slots, scene.relation, rng);
  return {
    ...scene,
    groups: scene.groups.map((group, i) => ({ ...group, boxes: boxes[i] })),
  };
}
