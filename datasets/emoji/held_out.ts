/**
 * What never occurs in training: a fixed share of the combinations of two
 * kinds, of a kind and a colour, and of a kind and a place in a relation.
 */

import { createRng } from "../../lib/run/random.ts";
import { backgroundColours, type Relation, type Scene } from "./scene.ts";

/** The share of combinations of every sort that is held out. */
export const HELD_OUT_SHARE = 0.05;

/** The sorts of combination. */
export const COMBINATIONS = ["pair", "tint", "background", "place"] as const;
/** A sort of combination. */
export type Combination = (typeof COMBINATIONS)[number];

/** Where a relation puts its first and its second group. */
const PLACES: Record<Relation, readonly [string, string]> = {
  "left of": ["left", "right"],
  "right of": ["right", "left"],
  "above": ["above", "below"],
  "below": ["below", "above"],
  "in front of": ["front", "behind"],
};

/** The combinations of one sort that a scene shows, each as a line of text. */
export function combinationsOf(scene: Scene, sort: Combination): string[] {
  const kinds = scene.groups.map((group) => group.kind);
  switch (sort) {
    case "pair":
      return kinds.flatMap((kind, i) =>
        kinds.slice(i + 1).map((other) => [kind, other].sort().join(" + "))
      );
    case "tint":
      return scene.groups.flatMap(({ kind, tint }) =>
        tint === null ? [] : [`${kind} tinted ${tint}`]
      );
    case "background":
      // White is on half of the scenes, and what a caption that says nothing
      // means: every kind is seen on it.
      return backgroundColours(scene.background)
        .filter((colour) => colour !== "white")
        .flatMap((colour) => kinds.map((kind) => `${kind} on ${colour}`));
    case "place":
      // A scene in the making may lack its second group.
      return scene.relation === null
        ? []
        : PLACES[scene.relation].slice(0, kinds.length)
          .map((place, i) => `${kinds[i]} ${place}`);
  }
}

const known = new Map<string, boolean>();

/** Whether one combination, as `combinationsOf` writes it, is held out. */
export function isHeldOutCombination(combination: string): boolean {
  let held = known.get(combination);
  if (held === undefined) {
    // The salt leaves the README's sample prompts in training.
    const rng = createRng("emoji held-out 1", combination);
    held = rng.uniform() < HELD_OUT_SHARE;
    known.set(combination, held);
  }
  return held;
}

/** Whether a scene shows any combination that training never does. */
export function isHeldOut(scene: Scene): boolean {
  return COMBINATIONS.some((sort) =>
    combinationsOf(scene, sort).some(isHeldOutCombination)
  );
}
