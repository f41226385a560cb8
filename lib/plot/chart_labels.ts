/** Where labels of points are written so that they don't cover each other. */

import type { Scale } from "./chart_scale.ts";
import type { Chart } from "./panel.ts";
import type { Box } from "./svg.ts";

/** A label and the point that it belongs to. */
export interface PointLabel {
  readonly text: string;
  readonly at: readonly [number, number];
}

/** A label's place: where its text begins, on its baseline. */
export interface PlacedLabel {
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

/** A line through points, in pixels. */
export type Path = readonly (readonly [number, number])[];

/** Where the points of a chart lie; those without lines are paths of one. */
export function pathsOf(
  { series, draw = "marks" }: Chart,
  { x, y }: { readonly x: Scale; readonly y: Scale },
  { left, top, width, height }: Box,
): Path[] {
  return series.flatMap(({ points }) => {
    const path = points.map((point) =>
      [
        left + width * x.place(point.x),
        top + height * (1 - y.place(point.y)),
      ] as const
    );
    return draw === "marks" ? path.map((place) => [place]) : [path];
  });
}

/** Size of a letter, about, and of a point's mark. */
const LETTER = 5.8;
const LINE = 12;
const MARK = 5;

/**
 * Places labels beside their points, where the fewest lines run; one that finds
 * no room is left out.
 */
export function placeLabels(
  labels: readonly PointLabel[],
  within: Box,
  lines: readonly Path[] = [],
): PlacedLabel[] {
  const taken: Box[] = labels.map(({ at: [x, y] }) => ({
    left: x - MARK,
    top: y - MARK,
    width: 2 * MARK,
    height: 2 * MARK,
  }));
  const placed: PlacedLabel[] = [];
  for (const { text, at: [x, y] } of labels) {
    const width = text.length * LETTER;
    const free = [
      [x - width / 2, y - MARK - LINE - 1], // above, below, right, left
      [x - width / 2, y + MARK + 1],
      [x + MARK + 2, y - LINE / 2],
      [x - MARK - 2 - width, y - LINE / 2],
    ].map(([left, top]) => ({ left, top, width, height: LINE }))
      .filter((one) =>
        isInside(one, within) && !taken.some((other) => overlap(one, other))
      );
    if (free.length === 0) continue;
    const box = leastCrossed(free, lines);
    taken.push(box);
    placed.push({ text, x: box.left, y: box.top + LINE - 3 });
  }
  return placed;
}

/** Where the name of a line across a chart is written. */
export interface LineLabelPlace {
  /** At which end of the line. */
  readonly end: "left" | "right";
  readonly side: "above" | "below";
}

/**
 * Where the fewest points and lines are; above the right end if it is all the
 * same.
 *
 * @param y of the line, in pixels as `within` and `paths` are
 */
export function placeLineLabel(
  name: string,
  y: number,
  within: Box,
  paths: readonly Path[],
): LineLabelPlace {
  const width = name.length * LETTER + MARK;
  const places = (["above", "below"] as const).flatMap((side) =>
    (["right", "left"] as const).map((end) => ({
      end,
      side,
      left: end === "left" ? within.left : within.left + within.width - width,
      top: side === "above" ? y - LINE - MARK : y + 2,
      width,
      height: LINE + MARK,
    }))
  );
  const inside = places.filter((place) => isInside(place, within));
  return leastCrossed(inside.length > 0 ? inside : places, paths);
}

/** The first of the boxes that the least of the lines is in. */
function leastCrossed<T extends Box>(
  boxes: readonly T[],
  lines: readonly Path[],
): T {
  const counts = boxes.map((box) =>
    lines.reduce((sum, line) => sum + pointsIn(box, line), 0)
  );
  return boxes[counts.indexOf(Math.min(...counts))];
}

/** Between two points of a line so many are looked at. */
const BETWEEN = 24;

/** How much of a line is in a box, its points themselves included. */
function pointsIn({ left, top, width, height }: Box, line: Path): number {
  const has = (x: number, y: number) =>
    x >= left && x <= left + width && y >= top && y <= top + height;
  return line.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = line[i + 1] ?? [x, y];
    for (let k = 0; k < BETWEEN; k++) {
      const share = k / BETWEEN;
      if (has(x + share * (nextX - x), y + share * (nextY - y))) sum++;
    }
    return sum;
  }, 0);
}

function isInside(a: Box, b: Box): boolean {
  return a.left >= b.left && a.top >= b.top &&
    a.left + a.width <= b.left + b.width &&
    a.top + a.height <= b.top + b.height;
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.left + b.width && b.left < a.left + a.width &&
    a.top < b.top + b.height && b.top < a.top + a.height;
}
