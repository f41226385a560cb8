/**
 * Where the objects of a scene stand: as large as the space allows, on a grid
 * of 16 x 16 cells. The cells are those of the base tokens, so that an object
 * of a kind, style and size has the same tokens wherever it stands: a small
 * transformer learns objects then, in place of every shift of each.
 */

import type { Rng } from "../../lib/run/random.ts";
import type { Box, Relation, Size } from "./scene.ts";

/** What the layout has to know of a group. */
export interface Slot {
  readonly count: number;
  readonly size: Size;
}

/** A rectangle of whole cells. */
interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Cells on a side of the picture. */
const CELLS = 16;
/** The whole picture. */
const FRAME: Rect = { x: 0, y: 0, width: CELLS, height: CELLS };

/**
 * The sides that objects have, in cells. Few, so that a model soon meets each
 * kind in each of them.
 */
const SIDES = [1, 2, 3, 4, 5, 6, 8, 12, 16];
/** The largest share of its room's side that an object takes. */
const SHARE: Record<Size, number> = { small: 0.52, medium: 0.84, large: 1 };

/** How many objects stand in each row, by number of objects. */
const ROWS: readonly (readonly (readonly number[])[])[] = [
  [],
  [[1]],
  [[2], [1, 1]],
  [[3], [1, 2], [2, 1], [1, 1, 1]],
  [[4], [2, 2], [1, 1, 1, 1]],
];

/**
 * The boxes of every group, so that the relation between the first two holds:
 * all of the first group's boxes lie left of (above, …) all of the second's.
 * "In front of" takes exactly two groups.
 */
export function layOut(
  slots: readonly Slot[],
  relation: Relation | null,
  rng: Rng,
): Box[][] {
  return layOutCells(slots, relation, rng).map((boxes) =>
    boxes.map(({ x, y, side }) => ({
      x: x / CELLS,
      y: y / CELLS,
      side: side / CELLS,
    }))
  );
}

function layOutCells(
  slots: readonly Slot[],
  relation: Relation | null,
  rng: Rng,
): Box[][] {
  if (slots.length === 1) return [fillRegion(FRAME, slots[0], rng, 1)];
  if (relation === "in front of") return layOutInFront(slots, rng);
  const side = relation ??
    rng.pick(["left of", "right of", "above", "below"] as const);
  const horizontal = side === "left of" || side === "right of";
  let frame = FRAME;
  let rest: Rect | null = null;
  if (slots.length === 3) {
    // The third group takes a strip across the direction of the first two.
    const [pair, strip] = rng.uniform() < 0.5
      ? split(FRAME, !horizontal, 10)
      : split(FRAME, !horizontal, 6).reverse();
    frame = pair;
    rest = strip;
  }
  const [first, second] = slots;
  const weight = first.count === second.count
    ? 0.5
    : weightOf(first.count) / (weightOf(first.count) + weightOf(second.count));
  const swapped = side === "right of" || side === "below";
  const length = horizontal ? frame.width : frame.height;
  const parts = split(
    frame,
    horizontal,
    Math.round(length * (swapped ? 1 - weight : weight)),
  );
  if (swapped) parts.reverse();
  const boxes = [
    fillRegion(parts[0], first, rng, 0.25),
    fillRegion(parts[1], second, rng, 0.25),
  ];
  if (rest) boxes.push(fillRegion(rest, slots[2], rng, 0.25));
  return boxes;
}

/** The room a group needs beside another one. */
function weightOf(count: number): number {
  return [0, 1, 1, 0.95, 1.35][count];
}

/** Cuts a rectangle in two, `cut` cells from its left or upper edge. */
function split(rect: Rect, vertical: boolean, cut: number): [Rect, Rect] {
  const { x, y, width, height } = rect;
  return vertical
    ? [
      { x, y, width: cut, height },
      { x: x + cut, y, width: width - cut, height },
    ]
    : [
      { x, y, width, height: cut },
      { x, y: y + cut, width, height: height - cut },
    ];
}

/**
 * Places a group's objects in rows within a region, choosing among the
 * arrangements that leave them as large as the best one does. `wander` is the
 * share of the free space they may use to leave their room's middle.
 */
function fillRegion(
  region: Rect,
  { count, size }: Slot,
  rng: Rng,
  wander: number,
): Box[] {
  const options = ROWS[count].map((rows) => ({
    rows,
    room: Math.floor(
      Math.min(region.width / Math.max(...rows), region.height / rows.length),
    ),
  }));
  const best = Math.max(...options.map((option) => option.room));
  const { rows, room } = rng.pick(
    options.filter((option) => option.room === best),
  );
  const side = SIDES.findLast((side) => side <= room * SHARE[size])!;
  return rows.flatMap((columns, row) =>
    Array.from({ length: columns }, (_, column) => ({
      x: region.x +
        placed(column, columns, region.width, side, wander, rng.uniform()),
      y: region.y +
        placed(row, rows.length, region.height, side, wander, rng.uniform()),
      side,
    }))
  );
}

/** Where, along one axis, an object starts: in its part of a length. */
function placed(
  part: number,
  parts: number,
  length: number,
  side: number,
  wander: number,
  uniform: number,
): number {
  const start = Math.round(length * part / parts);
  const free = Math.round(length * (part + 1) / parts) - start - side;
  return start + Math.round(free * (0.5 + (uniform - 0.5) * wander));
}

/** The first group stands before the second one, lower and smaller. */
function layOutInFront(slots: readonly Slot[], rng: Rng): Box[][] {
  const [front, behind] = slots;
  const back: Rect = behind.count === 1
    ? { x: 2, y: 0, width: 12, height: 12 }
    : { ...FRAME, height: 10 };
  const slot: Slot = { count: behind.count, size: "large" };
  const behindBoxes = fillRegion(back, slot, rng, 0);
  const low = Math.max(...behindBoxes.map((box) => box.y + box.side));
  const side = [0, 6, 6, 5, 4][front.count];
  // Half of a front object covers what stands behind it, yet never so much
  // that a small object behind would be hidden.
  const overlap = Math.floor(
    Math.min(side * 0.5, behindBoxes[0].side * 0.45),
  );
  const y = Math.min(CELLS - side, low - overlap);
  const boxes = Array.from({ length: front.count }, (_, i) => ({
    x: placed(i, front.count, CELLS, side, 0.4, rng.uniform()),
    y,
    side,
  }));
  return [boxes, behindBoxes];
}
