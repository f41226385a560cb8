/** Where the objects of a scene stand: as large as the space allows. */

import type { Rng } from "../../lib/run/random.ts";
import type { Box, Relation, Size } from "./scene.ts";

/** What the layout has to know of a group. */
export interface Slot {
  readonly count: number;
  readonly size: Size;
}

interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The share of its cell's side that an object takes. */
const SHARE: Record<Size, readonly [number, number]> = {
  small: [0.42, 0.52],
  medium: [0.82, 0.95],
  large: [0.97, 1],
};

/** How many objects stand in each row, by number of objects. */
const ROWS: readonly (readonly (readonly number[])[])[] = [
  [],
  [[1]],
  [[2], [1, 1]],
  [[3], [1, 2], [2, 1], [1, 1, 1]],
  [[4], [2, 2], [1, 1, 1, 1]],
];

/** The margin around everything. */
const MARGIN = 0.025;
/** The whole picture within its margin. */
const FRAME: Rect = {
  x: MARGIN,
  y: MARGIN,
  width: 1 - 2 * MARGIN,
  height: 1 - 2 * MARGIN,
};
/** Half the space between two groups. */
const GAP = 0.01;

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
  if (slots.length === 1) return [fillRegion(FRAME, slots[0], rng, 1)];
  if (relation === "in front of") return layOutInFront(slots, rng);
  const side = relation ??
    rng.pick(["left of", "right of", "above", "below"] as const);
  const horizontal = side === "left of" || side === "right of";
  let frame = FRAME;
  let rest: Rect | null = null;
  if (slots.length === 3) {
    // The third group takes a strip across the direction of the first two.
    const share = [0, 0.4, 0.4, 0.36, 0.36][slots[2].count];
    const [pair, strip] = rng.uniform() < 0.5
      ? split(FRAME, !horizontal, 1 - share)
      : split(FRAME, !horizontal, share).reverse();
    frame = pair;
    rest = strip;
  }
  const [first, second] = slots;
  const weight = first.count === second.count
    ? 0.5
    : weightOf(first.count) / (weightOf(first.count) + weightOf(second.count));
  const swapped = side === "right of" || side === "below";
  const parts = split(frame, horizontal, swapped ? 1 - weight : weight);
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

/** Cuts a rectangle in two, at `share` of its width or height. */
function split(rect: Rect, vertical: boolean, share: number): [Rect, Rect] {
  const { x, y, width, height } = rect;
  if (vertical) {
    const cut = width * share;
    return [
      { x, y, width: cut - GAP, height },
      { x: x + cut + GAP, y, width: width - cut - GAP, height },
    ];
  }
  const cut = height * share;
  return [
    { x, y, width, height: cut - GAP },
    { x, y: y + cut + GAP, width, height: height - cut - GAP },
  ];
}

/**
 * Places a group's objects in rows within a region, choosing among the
 * arrangements that leave them about as large as the best one does. `wander`
 * is the share of the free space they may use to leave their cell's middle.
 */
function fillRegion(
  region: Rect,
  { count, size }: Slot,
  rng: Rng,
  wander: number,
): Box[] {
  const options = ROWS[count].map((rows) => ({
    rows,
    cell: Math.min(
      region.width / Math.max(...rows),
      region.height / rows.length,
    ),
  }));
  const best = Math.max(...options.map((option) => option.cell));
  const { rows, cell } = rng.pick(
    options.filter((option) => option.cell >= best * 0.9),
  );
  const [low, high] = SHARE[size];
  // One object alone has the whole picture to vary its size in.
  const lowest = count === 1 && size === "medium" && wander === 1 ? 0.66 : low;
  const side = cell * (lowest + (high - lowest) * rng.uniform());
  const boxes: Box[] = [];
  rows.forEach((columns, row) => {
    for (let column = 0; column < columns; column++) {
      const dx = (rng.uniform() - 0.5) * wander;
      const dy = (rng.uniform() - 0.5) * wander;
      const width = region.width / columns;
      const height = region.height / rows.length;
      boxes.push({
        x: region.x + width * column + (width - side) * (0.5 + dx),
        y: region.y + height * row + (height - side) * (0.5 + dy),
        side,
      });
    }
  });
  return boxes;
}

/** The first group stands before the second one, lower and smaller. */
function layOutInFront(slots: readonly Slot[], rng: Rng): Box[][] {
  const [front, behind] = slots;
  const share = 0.92 + 0.06 * rng.uniform();
  const back: Rect = behind.count === 1
    ? { x: 0.13, y: MARGIN, width: 0.74, height: 0.74 }
    : { ...FRAME, height: 0.6 };
  const slot: Slot = { count: behind.count, size: "medium" };
  const behindBoxes = fillRegion(back, slot, rng, 0.25);
  const low = Math.max(...behindBoxes.map((box) => box.y + box.side));
  const side = share * [0, 0.44, 0.4, 0.31, 0.235][front.count];
  // Half of a front object covers what stands behind it, yet never so much
  // that a small object behind would be hidden.
  const overlap = Math.min(side * 0.5, behindBoxes[0].side * 0.45);
  const y = Math.min(1 - MARGIN - side, low - overlap);
  const span = FRAME.width / front.count;
  const boxes: Box[] = [];
  for (let i = 0; i < front.count; i++) {
    const free = span - side;
    const shift = front.count === 1 ? 0.4 : 0.1;
    const x = MARGIN + span * i + free * (0.5 + (rng.uniform() - 0.5) * shift);
    boxes.push({ x, y, side });
  }
  return [boxes, behindBoxes];
}
