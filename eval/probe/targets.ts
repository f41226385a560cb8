/** Scenes as the numbers that the network learns, and the form it answers in. */

import {
  BACKGROUND_NAMES,
  type Tint,
  TINT_NAMES,
} from "../../datasets/emoji/colours.ts";
import { type Box, KINDS, type Scene, STYLES } from "../../datasets/mod.ts";
import { backgroundColours } from "../../datasets/emoji/scene.ts";
import { CELLS } from "./config.ts";

/** More objects than a scene has: three groups of four. */
export const MOST_OBJECTS = 12;

const KIND_INDEX = new Map(KINDS.map(({ id }, i) => [id, i]));

/** What the heads say of one object, as classes. */
export interface ObjectClasses {
  /** Of the centre, row by row. */
  readonly cell: number;
  /** Place among the kinds. */
  readonly kind: number;
  /** Cells on a side, less 1. */
  readonly side: number;
  /** 0 for an object's own colour, else 1 + its place among the tints. */
  readonly tint: number;
}

/** Classes of the objects of a scene, group by group. */
export function objectClasses({ groups }: Scene): ObjectClasses[] {
  return groups.flatMap(({ kind, tint, boxes }) =>
    boxes.map((box) => ({
      ...boxClasses(box),
      kind: KIND_INDEX.get(kind)!,
      tint: tint === null ? 0 : 1 + TINT_NAMES.indexOf(tint),
    }))
  );
}

/**
 * Where the centre lies and how long a side is. Of an even side the centre is
 * a corner of cells: it counts to the cell below it on the right.
 */
function boxClasses({ x, y, side }: Box) {
  const length = clamp(Math.round(side * CELLS), 1, CELLS);
  const [column, row] = [x, y].map((start) =>
    clamp(Math.round(start * CELLS) + Math.floor(length / 2), 0, CELLS - 1)
  );
  return { cell: row * CELLS + column, side: length - 1 };
}

/** The box that classes stand for; undoes the rounding down of the centre. */
export function boxOf({ cell, side }: Pick<ObjectClasses, "cell" | "side">) {
  const length = side + 1;
  const half = Math.floor(length / 2);
  const box: Box = {
    x: (cell % CELLS - half) / CELLS,
    y: (Math.floor(cell / CELLS) - half) / CELLS,
    side: length / CELLS,
  };
  return box;
}

/** The tint of a class. */
export function tintOf(index: number): Tint | null {
  return index === 0 ? null : TINT_NAMES[index - 1];
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}

/** What a training step is fed with, besides pictures. */
export interface Targets extends Record<string, Float32Array | Int32Array> {
  /** Cells of centres [B,M], of as many objects as `present` [B,M] says. */
  readonly cells: Int32Array;
  /** 1 for an object, 0 for none. */
  readonly present: Float32Array;
  /** Classes of the objects, [B,M] each. */
  readonly kinds: Int32Array;
  readonly sides: Int32Array;
  readonly tints: Int32Array;
  /** 1 for each colour of the background, [B,colours]. */
  readonly background: Float32Array;
  /** [B,1]. */
  readonly style: Int32Array;
}

/** The targets of a batch of scenes. */
export function sceneTargets(scenes: readonly Scene[]): Targets {
  const batch = scenes.length;
  const places = batch * MOST_OBJECTS;
  const targets = {
    cells: new Int32Array(places),
    present: new Float32Array(places),
    kinds: new Int32Array(places),
    sides: new Int32Array(places),
    tints: new Int32Array(places),
    background: new Float32Array(batch * BACKGROUND_NAMES.length),
    style: new Int32Array(batch),
  };
  scenes.forEach((scene, i) => {
    objectClasses(scene).forEach(({ cell, kind, side, tint }, j) => {
      const at = i * MOST_OBJECTS + j;
      targets.present[at] = 1;
      targets.cells[at] = cell;
      targets.kinds[at] = kind;
      targets.sides[at] = side;
      targets.tints[at] = tint;
    });
    for (const colour of backgroundColours(scene.background)) {
      const at = i * BACKGROUND_NAMES.length + BACKGROUND_NAMES.indexOf(colour);
      targets.background[at] = 1;
    }
    targets.style[i] = STYLES.indexOf(scene.style);
  });
  return targets;
}
