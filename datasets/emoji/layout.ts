/**
 * Where the objects of a scene stand: as large as the space allows, on a grid
 * of 16 x 16 cells. The cells are those of the base tokens, so that an object
 * of a kind, style and size has the same tokens wherever it stands: a small
 * transformer learns objects then, in place of every shift of each. Most scenes
 * are neat besides: where their objects stand follows from their numbers, sizes
 * and relation, as it would for somebody who draws what a caption says.
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
/** What a scene leaves to chance. */
interface Play {
  /** One of several choices, of which the first is the neat one. */
  pick<T>(choices: readonly T[]): T;
  /** How much of a free length lies before a thing that may use a share of it. */
  before(free: number, share: number): number;
}

function playOf(rng: Rng): Play {
  return rng.uniform() < NEAT
    ? {
      pick: ([first]) => first,
      before: (free) => Math.round(free / 2),
    }
    : {
      pick: (choices) => rng.pick(choices),
      before: (free, share) =>
        Math.round(free * (0.5 + (rng.uniform() - 0.5) * share)),
    };
}

/** The whole picture. */
const FRAME: Rect = { x: 0, y: 0, width: CELLS, height: CELLS };

/**
 * The sides that objects have, in cells. Few, so that a model soon meets each
 * kind in each of them.
 */
const SIDES = [1, 2, 3, 4, 6, 8, 12, 16];
/** The largest share of its room's side that an object takes. */
const SHARE: Record<Size, number> = { small: 0.52, medium: 0.84, large: 1 };

/** Share of the neat scenes. */
const NEAT = 0.9;

/** How many objects stand in each row, by number of objects, neat ones first. */
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
  return layOutCells(slots, relation, playOf(rng)).map((boxes) =>
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
  play: Play,
): Box[][] {
  if (slots.length === 1) return [fillRegion(FRAME, slots[0], play, 1)];
  if (relation === "in front of") return layOutInFront(slots, play);
  const side = relation ??
    play.pick(["left of", "right of", "above", "below"] as const);
  const horizontal = side === "left of" || side === "right of";
  let frame = FRAME;
  let rest: Rect | null = null;
  if (slots.length === 3) {
    // The third group takes a strip across the direction of the first two.
    const [pair, strip] = play.pick([
      split(FRAME, !horizontal, 10),
      split(FRAME, !horizontal, 6).reverse(),
    ]);
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
    fillRegion(parts[0], first, play, 0.25),
    fillRegion(parts[1], second, play, 0.25),
  ];
  if (rest) boxes.push(fillRegion(rest, slots[2], play, 0.25));
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
 * arrangements that leave them as large as the best one does. `share` is that of
 * the free space they may use to leave their room's middle.
 */
function fillRegion(
  region: Rect,
  { count, size }: Slot,
  play: Play,
  share: number,
): Box[] {
  const options = ROWS[count].map((rows) => ({
    rows,
    room: Math.floor(
      Math.min(region.width / Math.max(...rows), region.height / rows.length),
    ),
  }));
  const best = Math.max(...options.map((option) => option.room));
  const { rows, room } = play.pick(
    options.filter((option) => option.room === best),
  );
  const side = SIDES.findLast((side) => side <= room * SHARE[size])!;
  return rows.flatMap((columns, row) =>
    Array.from({ length: columns }, (_, column) => {
      const across = partOf(region.width, column, columns);
      const down = partOf(region.height, row, rows.length);
      return {
        x: region.x + across.start + play.before(across.length - side, share),
        y: region.y + down.start + play.before(down.length - side, share),
        side,
      };
    })
  );
}

/** One of the equal parts of a length, in whole cells. */
function partOf(length: number, part: number, parts: number) {
  const start = Math.round(length * part / parts);
  return { start, length: Math.round(length * (part + 1) / parts) - start };
}

/** The first group stands before the second one, lower and smaller. */
function layOutInFront(slots: readonly Slot[], play: Play): Box[][] {
  const [front, behind] = slots;
  const back: Rect = behind.count === 1
    ? { x: 2, y: 0, width: 12, height: 12 }
    : { ...FRAME, height: 10 };
  const slot: Slot = { count: behind.count, size: "large" };
  const behindBoxes = fillRegion(back, slot, play, 0);
  const low = Math.max(...behindBoxes.map((box) => box.y + box.side));
  const side = [0, 6, 6, 4, 4][front.count];
  // Half of a front object covers what stands behind it, yet never so much
  // that a small object behind would be hidden.
  const overlap = Math.floor(
    Math.min(side * 0.5, behindBoxes[0].side * 0.45),
  );
  const y = Math.min(CELLS - side, low - overlap);
  const boxes = Array.from({ length: front.count }, (_, i) => {
    const part = partOf(CELLS, i, front.count);
    return {
      x: part.start + play.before(part.length - side, 0.4),
      y,
      side,
    };
  });
  return [boxes, behindBoxes];
}
