/** From a scene to pixels: typed arrays only, no allocation per pixel. */

import type { Picture } from "../../lib/image/picture.ts";
import { BACKGROUNDS, type Rgb, type Tint, TINTS } from "./colours.ts";
import { luminance } from "./mip.ts";
import type { Background, Box, Direction, Scene } from "./scene.ts";
import { spriteIndex } from "./sprites.ts";
import type { Sprites } from "./sprite_file.ts";

/** Draws a scene as a square picture of `size` pixels, 8 to 256. */
export function renderScene(
  scene: Scene,
  size: number,
  sprites: Sprites,
): Picture {
  checkSize(size);
  const data = new Uint8Array(size * size * 3);
  fillBackground(data, size, scene.background);
  // The first group stands in front, so it is drawn last.
  for (let i = scene.groups.length - 1; i >= 0; i--) {
    const { kind, tint, boxes } = scene.groups[i];
    const index = spriteIndex(kind, scene.style);
    const ramp = tint && tintRamp(tint, sprites.luminance[index]);
    for (const box of boxes) drawSprite(data, size, sprites, index, box, ramp);
  }
  return { width: size, height: size, data };
}

/** Refuses sizes that the art does not serve. */
export function checkSize(size: number): void {
  if (!Number.isInteger(size) || size < 8 || size > 256) {
    throw new RangeError(
      `Emoji scenes were asked for at ${size} pixels; sizes go from 8 to 256.`,
    );
  }
}

/** Horizontal and vertical share of the way along a gradient. */
const SLOPES: Record<Direction, readonly [number, number]> = {
  down: [0, 1],
  across: [1, 0],
  diagonal: [0.5, 0.5],
};

function fillBackground(
  data: Uint8Array,
  size: number,
  background: Background,
): void {
  if (background.type === "plain") {
    const [r, g, b] = BACKGROUNDS[background.colour].rgb;
    for (let i = 0; i < data.length; i += 3) {
      data[i] = r;
      data[i + 1] = g;
      data[i + 2] = b;
    }
    return;
  }
  const from = BACKGROUNDS[background.from].rgb;
  const to = BACKGROUNDS[background.to].rgb;
  const [across, down] = SLOPES[background.direction];
  for (let y = 0, i = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const share = (across * (x + 0.5) + down * (y + 0.5)) / size;
      for (let c = 0; c < 3; c++, i++) {
        data[i] = from[c] + (to[c] - from[c]) * share + 0.5;
      }
    }
  }
}

/**
 * A tint as a table from luminance to colour, 256 RGB triples: dark shades
 * stay dark, the sprite's mean luminance becomes the tint, highlights pale.
 */
function tintRamp(tint: Tint, mean: number): Uint8Array {
  const colour: Rgb = TINTS[tint];
  const ramp = new Uint8Array(256 * 3);
  const middle = Math.min(Math.max(mean, 24), 248);
  for (let light = 0; light < 256; light++) {
    for (let c = 0; c < 3; c++) {
      const dark = colour[c] * 0.18;
      const pale = colour[c] * 0.2 + 255 * 0.8;
      ramp[light * 3 + c] = light <= middle
        ? dark + (colour[c] - dark) * (light / middle)
        : colour[c] +
          (pale - colour[c]) * ((light - middle) / (255 - middle));
    }
  }
  return ramp;
}

/** Horizontal taps of the picture's columns: source index and 8-bit weight. */
const tapIndex = new Int32Array(256);
const tapWeight = new Int32Array(256);

/** Draws one sprite into its box, bilinear from the next larger level. */
function drawSprite(
  data: Uint8Array,
  size: number,
  sprites: Sprites,
  index: number,
  box: Box,
  ramp: Uint8Array | null,
): void {
  const length = box.side * size;
  const last = sprites.levels.length - 1;
  let level = 0;
  while (level < last && sprites.levels[level] < length) level++;
  const side = sprites.levels[level];
  const pixels = sprites.pixels[level];
  const start = index * side * side * 4;
  const scale = side / length;
  const limit = side - 1.004; // keeps the second tap inside the sprite
  const left = box.x * size;
  const top = box.y * size;
  const x0 = Math.max(0, Math.floor(left));
  const x1 = Math.min(size, Math.ceil(left + length));
  const y1 = Math.min(size, Math.ceil(top + length));
  for (let x = x0; x < x1; x++) {
    const u = clamp((x + 0.5 - left) * scale - 0.5, limit);
    tapIndex[x] = Math.floor(u);
    tapWeight[x] = Math.floor((u - tapIndex[x]) * 256);
  }
  for (let y = Math.max(0, Math.floor(top)); y < y1; y++) {
    const v = clamp((y + 0.5 - top) * scale - 0.5, limit);
    const row = Math.floor(v);
    const below = Math.floor((v - row) * 256);
    const from = start + row * side * 4;
    const to = y * size;
    drawRow(data, to, x0, x1, pixels, from, side * 4, below, ramp);
  }
}

function clamp(value: number, limit: number): number {
  return value < 0 ? 0 : value > limit ? limit : value;
}

/**
 * Draws columns x0 to x1 of the picture's row that begins at pixel `to`, from
 * the sprite's row at byte `from` and, weighted `below` / 256, the one after.
 */
function drawRow(
  data: Uint8Array,
  to: number,
  x0: number,
  x1: number,
  pixels: Uint8Array,
  from: number,
  stride: number,
  below: number,
  ramp: Uint8Array | null,
): void {
  const above = 256 - below;
  for (let x = x0; x < x1; x++) {
    const p = from + tapIndex[x] * 4;
    const q = p + stride;
    const right = tapWeight[x];
    const a00 = (256 - right) * above;
    const a01 = right * above;
    const a10 = (256 - right) * below;
    const a11 = right * below;
    const alpha = (pixels[p + 3] * a00 + pixels[p + 7] * a01 +
      pixels[q + 3] * a10 + pixels[q + 7] * a11 + 32768) >> 16;
    if (alpha === 0) continue;
    let r = (pixels[p] * a00 + pixels[p + 4] * a01 +
      pixels[q] * a10 + pixels[q + 4] * a11 + 32768) >> 16;
    let g = (pixels[p + 1] * a00 + pixels[p + 5] * a01 +
      pixels[q + 1] * a10 + pixels[q + 5] * a11 + 32768) >> 16;
    let b = (pixels[p + 2] * a00 + pixels[p + 6] * a01 +
      pixels[q + 2] * a10 + pixels[q + 6] * a11 + 32768) >> 16;
    if (ramp) {
      const light = Math.floor(luminance(r, g, b) * 255 / alpha);
      const at = (light > 255 ? 255 : light) * 3;
      r = Math.floor(ramp[at] * alpha / 255);
      g = Math.floor(ramp[at + 1] * alpha / 255);
      b = Math.floor(ramp[at + 2] * alpha / 255);
    }
    const i = (to + x) * 3;
    // (v * 257 + 33024) >> 16 divides a product of two bytes by 255.
    const keep = (255 - alpha) * 257;
    data[i] = Math.min(255, r + ((data[i] * keep + 33024) >> 16));
    data[i + 1] = Math.min(255, g + ((data[i + 1] * keep + 33024) >> 16));
    data[i + 2] = Math.min(255, b + ((data[i + 2] * keep + 33024) >> 16));
  }
}
