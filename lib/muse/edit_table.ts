/** A model of tables, for tests of edits: no network, exact results. */

import { createPicture, type Picture } from "../image/picture.ts";
import { createRng } from "../run/random.ts";
import type { PromptEncoder } from "../text/encode.ts";
import type { VqganConfig } from "../vqgan/config.ts";
import type { BaseConfig } from "./config.ts";
import { CODES, tablePredict } from "./decode_table.ts";
import type { Muse } from "./pipeline.ts";

/** Pixels a side of a token, and tokens a side of a picture. */
const TOKEN = 2;
const GRID = 8;
/** Pixels a side of the model's pictures. */
export const SIDE: number = TOKEN * GRID;

const TOKENIZER: VqganConfig = {
  imageSize: SIDE,
  stem: TOKEN,
  channels: [1],
  encoderBlocks: 0,
  decoderBlocks: 0,
  middleBlocks: 0,
  groups: 1,
  codeWidth: 1,
  codes: CODES,
  normalizeCodes: false,
};

const BASE: BaseConfig = {
  textWidth: 1,
  textLength: 4,
  width: 1,
  layers: 1,
  heads: 1,
  hidden: 1,
  codes: CODES,
  grid: [GRID, GRID],
};

/** A prompt is as many text ids as it has letters. */
const ENCODER: PromptEncoder = {
  tokenizer: {
    padId: 0,
    encode: (text) => Array.from(text, () => 1),
    pieces: (text) => [...text],
  },
  length: BASE.textLength,
  width: BASE.textWidth,
  encode: (ids) => Promise.resolve({ states: Float32Array.from(ids) }),
  release: () => Promise.resolve(),
};

/** Brightness in -1..1 of a code. */
const level = (code: number) => 2 * code / (CODES - 1) - 1;

/**
 * A token is the brightness of its pixels' first channel; with `reach`, of
 * the pixels so far to its left and right too, and without an end of all
 * beside it. Drawn, it is a square of that grey.
 */
export function tableTokenizer(reach = 0): Muse["tokenizer"] {
  return {
    config: { ...TOKENIZER, localEncoder: reach < Infinity },
    weights: new Map(),
    encode(pixels) {
      const batch = pixels.length / (3 * SIDE ** 2);
      return Promise.resolve(
        Int32Array.from({ length: batch * GRID ** 2 }, (_, i) => {
          const [picture, at] = [Math.floor(i / GRID ** 2), i % GRID ** 2];
          const [row, column] = [Math.floor(at / GRID), at % GRID];
          return nearestLevel(brightness(
            pixels.subarray(picture * 3 * SIDE ** 2),
            row * TOKEN,
            Math.max(0, column * TOKEN - reach),
            Math.min(SIDE, (column + 1) * TOKEN + reach),
          ));
        }),
      );
    },
    decode(ids) {
      const batch = ids.length / GRID ** 2;
      const planes = Float32Array.from(
        { length: batch * 3 * SIDE ** 2 },
        (_, i) => {
          const picture = Math.floor(i / (3 * SIDE ** 2));
          const [y, x] = [Math.floor(i / SIDE) % SIDE, i % SIDE];
          const at = Math.floor(y / TOKEN) * GRID + Math.floor(x / TOKEN);
          return level(ids[picture * GRID ** 2 + at]);
        },
      );
      return Promise.resolve(planes);
    },
    openDecoder: () => Promise.resolve(),
    release: () => Promise.resolve(),
  };
}

function brightness(
  plane: Float32Array,
  top: number,
  left: number,
  right: number,
): number {
  let [sum, count] = [0, 0];
  for (let y = top; y < top + TOKEN; y++) {
    for (let x = left; x < right; x++, count++) sum += plane[y * SIDE + x];
  }
  return sum / count;
}

function nearestLevel(value: number): number {
  return Math.round((value + 1) / 2 * (CODES - 1));
}

/** What a network of the model was asked. */
export type Calls = ReturnType<typeof tablePredict>["calls"];

/** The model, and a list that every call of its network is added to. */
export function tableMuse(reach = 0): { muse: Muse; calls: Calls } {
  const { predict, calls } = tablePredict(GRID ** 2);
  const muse: Muse = {
    name: "table",
    hash: "",
    release: () => Promise.resolve(),
    encoder: ENCODER,
    base: {
      config: BASE,
      weights: new Map(),
      predictor: () => Promise.resolve(predict),
      open: () => Promise.resolve(),
      release: () => Promise.resolve(),
    },
    tokenizer: tableTokenizer(reach),
  };
  return { muse, calls };
}

/** A picture of random bytes. */
export function somePicture(
  width: number,
  height: number,
  seed = 0,
): Picture {
  const rng = createRng("edit table", seed);
  const bytes = { length: 3 * width * height };
  const data = Uint8Array.from(bytes, () => rng.integer(256));
  return createPicture(width, height, data);
}
