/** Where labels of points are written so that they don't cover each other. */

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

/** Size of a letter, about, and of a point's mark. */
const LETTER = 5.8;
const LINE = 12;
const MARK = 5;

/** Places labels beside their points; one that finds no room is left out. */
export function placeLabels(
  labels: readonly PointLabel[],
  within: Box,
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
    const box = [
      [x - width / 2, y - MARK - LINE - 1], // above, below, right, left
      [x - width / 2, y + MARK + 1],
      [x + MARK + 2, y - LINE / 2],
      [x - MARK - 2 - width, y - LINE / 2],
    ].map(([left, top]) => ({ left, top, width, height: LINE }))
      .find((one) =>
        isInside(one, within) && !taken.some((other) => overlap(one, other))
      );
    if (!box) continue;
    taken.push(box);
    placed.push({ text, x: box.left, y: box.top + LINE - 3 });
  }
  return placed;
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
