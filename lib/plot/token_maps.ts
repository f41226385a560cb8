/**
 * Pictures of what a decode knows about its tokens. Every map has the size of
 * the decoded picture, so that a token lies at the same place in all of them.
 * Colours differ in lightness, not in hue alone: they stay apart for colour-blind
 * eyes and in grey.
 */

import { createPicture, type Picture } from "../image/picture.ts";

/** Red, green, blue, 0..255. */
export type Rgb = readonly [number, number, number];

/** The colours of {@linkcode tokenMap}, for legends. */
export const TOKEN_COLOURS: {
  /** Found in an earlier step, or given. */
  readonly known: Rgb;
  /** Found in the last step. */
  readonly found: Rgb;
  /** Still masked. */
  readonly unknown: Rgb;
} = {
  known: [52, 78, 110],
  found: [230, 148, 20],
  unknown: [236, 236, 239],
};

/** Dots on unknown cells, so that they are not taken for a grey picture. */
const DOT: Rgb = [205, 205, 212];
/** Between cells. */
const LINE: Rgb = [255, 255, 255];

/** Confidence 0, one half and 1: lightness falls evenly. */
const RAMP: readonly Rgb[] = [[242, 244, 246], [122, 160, 194], [20, 52, 92]];

/** The colour of a confidence in 0..1. */
export function confidenceColour(p: number): Rgb {
  const place = Math.min(Math.max(p, 0), 1) * (RAMP.length - 1);
  const lower = Math.min(Math.floor(place), RAMP.length - 2);
  const blend = (channel: 0 | 1 | 2) =>
    Math.round(
      RAMP[lower][channel] +
        (place - lower) * (RAMP[lower + 1][channel] - RAMP[lower][channel]),
    );
  return [blend(0), blend(1), blend(2)];
}

/** Tokens down and across. */
export type Grid = readonly [number, number];

/**
 * The picture with a quiet pattern over every unknown token.
 * @param mask 1 where a token is unknown, [N]
 */
export function coverUnknown(
  picture: Picture,
  mask: Uint8Array,
  grid: Grid,
): Picture {
  const { width, height } = picture;
  checkGrid(mask.length, grid, width, height);
  const covered = createPicture(width, height, picture.data.slice());
  paintCells(covered, grid, (token, x, y) => {
    if (mask[token] === 0) return undefined;
    return isDot(x, y) ? DOT : TOKEN_COLOURS.unknown;
  });
  return covered;
}

/**
 * Which tokens are known, just found, or unknown.
 * @param mask 1 where a token is unknown, [N]
 * @param chosen 1 where the last step found a token, [N]
 */
export function tokenMap(
  mask: Uint8Array,
  chosen: Uint8Array,
  grid: Grid,
  size: { readonly width: number; readonly height: number },
): Picture {
  const { width, height } = size;
  checkGrid(mask.length, grid, width, height);
  const map = createPicture(width, height);
  paintCells(map, grid, (token, x, y, edge) => {
    if (mask[token]) return isDot(x, y) ? DOT : TOKEN_COLOURS.unknown;
    if (edge) return LINE;
    return chosen[token] ? TOKEN_COLOURS.found : TOKEN_COLOURS.known;
  });
  return map;
}

/** How probable each token was when it was predicted, [N] in 0..1. */
export function confidenceMap(
  confidence: Float32Array,
  grid: Grid,
  size: { readonly width: number; readonly height: number },
): Picture {
  const { width, height } = size;
  checkGrid(confidence.length, grid, width, height);
  const map = createPicture(width, height);
  paintCells(
    map,
    grid,
    (token, _x, _y, edge) => edge ? LINE : confidenceColour(confidence[token]),
  );
  return map;
}

function isDot(x: number, y: number): boolean {
  return x % 4 === 1 && y % 4 === 1;
}

/** Paints the pixels for which `colour` gives one; `edge` is a cell's last. */
function paintCells(
  { width, height, data }: Picture,
  [rows, columns]: Grid,
  colour: (
    token: number,
    x: number,
    y: number,
    edge: boolean,
  ) => Rgb | undefined,
): void {
  const cellHeight = height / rows;
  const cellWidth = width / columns;
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / cellHeight);
    for (let x = 0; x < width; x++) {
      const column = Math.floor(x / cellWidth);
      const edge = (y + 1) % cellHeight === 0 || (x + 1) % cellWidth === 0;
      const rgb = colour(row * columns + column, x, y, edge);
      if (rgb) data.set(rgb, (y * width + x) * 3);
    }
  }
}

function checkGrid(
  tokens: number,
  [rows, columns]: Grid,
  width: number,
  height: number,
): void {
  if (tokens !== rows * columns || width % columns || height % rows) {
    throw new RangeError(
      `Cannot draw a map of tokens: found ${tokens} tokens and a picture of ` +
        `${width}x${height}, wanted ${rows}x${columns} tokens and sides they ` +
        `divide`,
    );
  }
}
