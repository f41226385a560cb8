/**
 * Where the objects of a scene stand: in a few sizes, on a grid of 16 x 16
 * cells. The cells are those of the base tokens, so that an object of a kind,
 * style and size has the same tokens wherever it stands: a small transformer
 * learns objects then, in place of every shift and scale of each. Most scenes
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

/** The sides that objects have, in cells: few, and soon known for each kind. */
const SIDES = [2, 4, 8, 12];
/** The largest of them for each size. */
const LARGEST: Record<Size, number> = { small: 4, medium: 8, large: 12 };
/** The largest share of its room's side that an object takes. */
const SHARE: Record<Size, number> = { small: 0.5, medium: 1, large: 1 };

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
    const halves = split(FRAME, !horizontal);
    [frame, rest] = play.pick([halves, halves.toReversed()]);
  }
  const [first, second] = slots;
  const parts = split(frame, horizontal);
  if (side === "right of" || side === "below") parts.reverse();
  const boxes = [
    fillRegion(parts[0], first, play, 0.25),
    fillRegion(parts[1], second, play, 0.25),
  ];
  if (rest) boxes.push(fillRegion(rest, slots[2], play, 0.25));
  return boxes;
}

/** Two halves, beside or above each other. */
function split(rect: Rect, vertical: boolean): Rect[] {
  const { x, y } = rect;
  const width = vertical ? rect.width / 2 : rect.width;
  const height = vertical ? rect.height : rect.height / 2;
  return [
    { x, y, width, height },
    vertical
      ? { x: x + width, y, width, height }
      : { x, y: y + height, width, height },
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
  const most = Math.min(room * SHARE[size], LARGEST[size]);
  const side = SIDES.findLast((side) => side <= most)!;
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
    : { ...FRAME, height: 9 };
  const slot: Slot = { count: behind.count, size: "large" };
  const behindBoxes = fillRegion(back, slot, play, 0);
  const low = Math.max(...behindBoxes.map((box) => box.y + box.side));
  const side = [0, 8, 8, 4, 4][front.count];
  // Enough to be seen, and never so much that an object behind is hidden.
  const behindSide = behindBoxes[0].side;
  const overlap = Math.max(2, Math.floor(Math.min(side, behindSide) * 0.45));
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
