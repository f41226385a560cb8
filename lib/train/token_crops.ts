/**
 * Squares of pictures' tokens to train super-resolution on. What a token says of
 * the four or sixteen it is made into depends on its neighbours and hardly on
 * what is far away, so that a square teaches as much as its share of a whole
 * picture does, and pictures need not be shown whole where much of them is
 * plain. Networks with rotary positions then go on to whole pictures.
 */

import type { SuperresConfig } from "../muse/superres_config.ts";
import type { Rng } from "../run/random.ts";
import type { SuperresBatch } from "./superres_stage.ts";

/** Which squares are trained on. */
export interface TokenCrops {
  /** Their high-resolution tokens; a multiple of the network's block. */
  readonly grid: readonly [number, number];
  /** How many there are of a picture. */
  readonly perPicture: number;
}

/** Places that are looked at for each square. */
const CANDIDATES = 4;

/** The same network, for squares of pictures. */
export function croppedConfig(
  config: SuperresConfig,
  { grid: [h, w] }: TokenCrops,
): SuperresConfig {
  const { grid, lowGrid } = config;
  const [down, across] = [grid[0] / lowGrid[0], grid[1] / lowGrid[1]];
  return { ...config, grid: [h, w], lowGrid: [h / down, w / across] };
}

/**
 * Squares of every picture of a batch, picture by picture. Each is the one of a
 * few random places that shows the most different low-resolution tokens.
 */
export function cropTokens(
  { low, tokens, states, textMask }: SuperresBatch,
  config: SuperresConfig,
  crops: TokenCrops,
  rng: Rng,
): SuperresBatch {
  const { grid, lowGrid } = config;
  const part = croppedConfig(config, crops);
  const scale = grid[0] / lowGrid[0];
  const scaleAcross = grid[1] / lowGrid[1];
  const pictures = low.length / (lowGrid[0] * lowGrid[1]);
  const samples = pictures * crops.perPicture;
  const lows: Int32Array[] = [];
  const highs: Int32Array[] = [];
  for (let i = 0; i < samples; i++) {
    const picture = Math.floor(i / crops.perPicture);
    const lowOf = pictureOf(low, picture, pictures);
    const { row, column, found } = mostVaried(lowOf, config, part, rng);
    lows.push(found);
    highs.push(window(
      pictureOf(tokens, picture, pictures),
      grid,
      part.grid,
      row * scale,
      column * scaleAcross,
    ));
  }
  return {
    low: joined(lows),
    tokens: joined(highs),
    states: repeated(states, pictures, crops.perPicture),
    textMask: repeated(textMask, pictures, crops.perPicture),
  };
}

function mostVaried(
  low: Int32Array,
  { lowGrid }: SuperresConfig,
  part: SuperresConfig,
  rng: Rng,
): { row: number; column: number; found: Int32Array } {
  const places = Array.from({ length: CANDIDATES }, () => {
    const row = rng.integer(lowGrid[0] - part.lowGrid[0] + 1);
    const column = rng.integer(lowGrid[1] - part.lowGrid[1] + 1);
    const found = window(low, lowGrid, part.lowGrid, row, column);
    return { row, column, found, different: new Set(found).size };
  });
  return places.reduce((best, place) =>
    place.different > best.different ? place : best
  );
}

/** The tokens of a part of a grid, row by row. */
function window(
  tokens: Int32Array,
  [, width]: readonly [number, number],
  [h, w]: readonly [number, number],
  row: number,
  column: number,
): Int32Array {
  return Int32Array.from(
    { length: h * w },
    (_, i) => tokens[(row + Math.floor(i / w)) * width + column + i % w],
  );
}

function pictureOf<T extends Int32Array | Float32Array>(
  all: T,
  picture: number,
  pictures: number,
): T {
  const size = all.length / pictures;
  return all.subarray(picture * size, (picture + 1) * size) as T;
}

function joined(parts: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(parts.length * parts[0].length);
  parts.forEach((part, i) => all.set(part, i * part.length));
  return all;
}

/** What belongs to pictures, for each of their squares. */
function repeated(
  all: Float32Array,
  pictures: number,
  times: number,
): Float32Array {
  const size = all.length / pictures;
  const more = new Float32Array(all.length * times);
  for (let i = 0; i < pictures * times; i++) {
    more.set(pictureOf(all, Math.floor(i / times), pictures), i * size);
  }
  return more;
}
