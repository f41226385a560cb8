/** How groups of boxes stand to each other. */

import type { Box, Relation } from "../../datasets/mod.ts";
import { CELLS } from "./config.ts";
import { sharedSides } from "./reading.ts";

/** What is read is off by less. */
const ONE_CELL = 1 / CELLS;
const ROUNDING = 1e-9;

/**
 * How the first boxes stand to the second ones: in front of them where some
 * overlap by more than a cell and are the lower ones, as scenes are drawn; else
 * on the side where the gap between all of the first and all of the second is
 * widest, of which a cell may be wanting. Null where there is no such side.
 */
export function relationOf(
  first: readonly Box[],
  second: readonly Box[],
): Relation | null {
  if (first.length === 0 || second.length === 0) return null;
  const overlapping = first.some((a) =>
    second.some((b) =>
      sharedSides(a, b).every((side) => side > ONE_CELL + ROUNDING)
    )
  );
  if (overlapping) return lowest(first) > lowest(second) ? "in front of" : null;
  const gaps: [Relation, number][] = [
    ["left of", gap(first, second, "x")],
    ["right of", gap(second, first, "x")],
    ["above", gap(first, second, "y")],
    ["below", gap(second, first, "y")],
  ];
  const [relation, widest] = gaps.reduce((a, b) => b[1] > a[1] ? b : a);
  return widest > -ONE_CELL - ROUNDING ? relation : null;
}

/** From the far side of all of the first to the near side of the second. */
function gap(
  first: readonly Box[],
  second: readonly Box[],
  axis: "x" | "y",
): number {
  const end = Math.max(...first.map((box) => box[axis] + box.side));
  return Math.min(...second.map((box) => box[axis])) - end;
}

function lowest(boxes: readonly Box[]): number {
  return Math.max(...boxes.map(({ y, side }) => y + side));
}
