/** Contact sheets: equal pictures in a grid, captions below them. */

import { drawText, LINE_HEIGHT, wrapText } from "./font.ts";
import { createPicture, type Picture } from "./picture.ts";

/** Options of {@linkcode contactSheet}. */
export interface SheetOptions {
  /** Pictures in a row; by default the grid is about as wide as high. */
  readonly columns?: number;
  /** White pixels between pictures and around them; 6 by default. */
  readonly gutter?: number;
  /** A line or a few below each picture. */
  readonly captions?: readonly string[];
  /** Scale of their letters, a whole number; larger below large pictures. */
  readonly letters?: number;
}

const PAPER = 255;
const INK = [40, 40, 44] as const;
/** Captions are cut after this many lines. */
const MOST_LINES = 7;

/** All pictures, which must be equally large, on one white sheet. */
export function contactSheet(
  pictures: readonly Picture[],
  options: SheetOptions = {},
): Picture {
  const [first] = pictures;
  if (!first) {
    throw new RangeError("A contact sheet needs at least one picture.");
  }
  checkSizes(first, pictures);
  const { width, height } = first;
  const {
    columns = Math.ceil(Math.sqrt(pictures.length)),
    gutter = 6,
    captions = [],
    letters: scale = Math.max(1, Math.round(width / 200)),
  } = options;
  const lines = pictures.map((_, i) =>
    wrapText(captions[i] ?? "", width / scale, MOST_LINES)
  );
  const rows = Array.from(
    { length: Math.ceil(pictures.length / columns) },
    (_, row) => {
      const cells = lines.slice(row * columns, (row + 1) * columns);
      const most = Math.max(...cells.map((cell) => cell.length));
      return { cells, text: most === 0 ? 0 : (most * LINE_HEIGHT + 3) * scale };
    },
  );
  const sheet = createPicture(
    gutter + Math.min(columns, pictures.length) * (width + gutter),
    gutter + rows.reduce((sum, { text }) => sum + height + text + gutter, 0),
  );
  sheet.data.fill(PAPER);
  let y = gutter;
  rows.forEach(({ cells, text }, row) => {
    cells.forEach((cell, column) => {
      const x = gutter + column * (width + gutter);
      paste(pictures[row * columns + column], sheet, x, y);
      cell.forEach((line, i) => {
        const top = y + height + (3 + i * LINE_HEIGHT) * scale;
        drawText(sheet, x, top, line, scale, INK);
      });
    });
    y += height + text + gutter;
  });
  return sheet;
}

function checkSizes(
  { width, height }: Picture,
  pictures: readonly Picture[],
): void {
  const odd = pictures.find((p) => p.width !== width || p.height !== height);
  if (!odd) return;
  throw new RangeError(
    `A contact sheet takes pictures of one size, but there are ones of ` +
      `${width}x${height} and of ${odd.width}x${odd.height}.`,
  );
}

function paste(picture: Picture, onto: Picture, x: number, y: number): void {
  const stride = picture.width * 3;
  for (let row = 0; row < picture.height; row++) {
    const from = picture.data.subarray(row * stride, (row + 1) * stride);
    onto.data.set(from, ((y + row) * onto.width + x) * 3);
  }
}
