/** What the network's numbers say that a picture shows. */

import {
  BACKGROUND_NAMES,
  type BackgroundName,
  GRADIENTS,
  type Tint,
} from "../../datasets/emoji/colours.ts";
import { type Box, KINDS, type Style, STYLES } from "../../datasets/mod.ts";
import { CELLS } from "./config.ts";
import { boxOf, tintOf } from "./targets.ts";

/** An object that was read in a picture. */
export interface ReadObject {
  /** The kind's name. */
  readonly kind: string;
  /** The colour it seems tinted, null for its own. */
  readonly tint: Tint | null;
  /** Where it is, on a grid of 16 x 16 cells; the picture is the unit square. */
  readonly box: Box;
  /** That there is an object here, and that it is of this kind. */
  readonly probability: number;
}

/** What a picture shows, as far as it could be read. */
export interface Reading {
  /** The surest first. */
  readonly objects: readonly ReadObject[];
  /** One colour, or the two of a gradient, in no order. */
  readonly background: readonly BackgroundName[];
  /** The drawing style. */
  readonly style: Style;
}

/** What the network says of one picture: numbers of each cell, row by row. */
export interface ProbeOutputs {
  /** Probability that a centre is in the cell, [256]. */
  readonly centre: ArrayLike<number>;
  /** The likeliest classes of the box whose centre it is, [256] each. */
  readonly kind: ArrayLike<number>;
  readonly side: ArrayLike<number>;
  readonly tint: ArrayLike<number>;
  /** Probability of that kind, [256]. */
  readonly kindProbability: ArrayLike<number>;
  /** Logits of the colours, [18]. */
  readonly background: ArrayLike<number>;
  /** Probabilities of the styles, [2]. */
  readonly style: ArrayLike<number>;
}

/** An object is there where that is likelier than not. */
const LEAST = 0.5;
/**
 * Boxes that share more of their common area are one object, found twice:
 * objects of a scene share at most a third of it.
 */
const SAME = 0.5;

/** Reads one picture. */
export function readOutputs(outputs: ProbeOutputs): Reading {
  const { centre, kind, side, tint, kindProbability } = outputs;
  const cells = Array.from({ length: CELLS ** 2 }, (_, cell) => cell)
    .filter((cell) => centre[cell] > LEAST)
    .sort((a, b) => centre[b] - centre[a]);
  const objects: ReadObject[] = [];
  for (const cell of cells) {
    const box = boxOf({ cell, side: side[cell] });
    if (objects.some((other) => sharedArea(other.box, box) > SAME)) continue;
    objects.push({
      kind: KINDS[kind[cell]].id,
      tint: tintOf(tint[cell]),
      box,
      probability: centre[cell] * kindProbability[cell],
    });
  }
  return {
    objects,
    background: readBackground(outputs.background),
    style: STYLES[outputs.style[0] >= outputs.style[1] ? 0 : 1],
  };
}

/** The likeliest of all backgrounds that scenes have, plain or gradient. */
function readBackground(logits: ArrayLike<number>): readonly BackgroundName[] {
  const score = (names: readonly BackgroundName[]) =>
    names.reduce(
      (sum, name) => sum + logits[BACKGROUND_NAMES.indexOf(name)],
      0,
    );
  const all = [...BACKGROUND_NAMES.map((name) => [name]), ...GRADIENTS];
  return all.reduce((best, one) => score(one) > score(best) ? one : best);
}

/** How far two intervals of starts and a length each overlap. */
function overlap(a: number, b: number, lengthA: number, lengthB: number) {
  return Math.min(a + lengthA, b + lengthB) - Math.max(a, b);
}

/** Width and height of what two boxes share, negative for a gap. */
export function sharedSides(a: Box, b: Box): readonly [number, number] {
  return [
    overlap(a.x, b.x, a.side, b.side),
    overlap(a.y, b.y, a.side, b.side),
  ];
}

/** The part of two boxes' common area that both have. */
function sharedArea(a: Box, b: Box): number {
  const [width, height] = sharedSides(a, b).map((side) => Math.max(0, side));
  const shared = width * height;
  return shared / (a.side ** 2 + b.side ** 2 - shared);
}
