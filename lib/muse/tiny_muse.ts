/** A whole model of random networks so small that tests run it at once. */

import { embeddedPath } from "../hub/embedded.ts";
import { loadTextEncoder } from "../text/encode.ts";
import { gridSize, type VqganConfig } from "../vqgan/config.ts";
import { createTokenizer } from "../vqgan/model.ts";
import { randomVqgan, TINY_VQGAN } from "../vqgan/tiny_vqgan.ts";
import type { Superres } from "./enlarge.ts";
import { createBaseModel } from "./model.ts";
import type { Muse } from "./pipeline.ts";
import { createSuperresModel } from "./superres_model.ts";
import { randomBase, TINY } from "./tiny_base.ts";
import { randomSuperres, TINY_SUPERRES } from "./tiny_superres.ts";

/** The tokenizer of the larger pictures: 8 x 8 tokens of 4 pixels a side. */
const HIGH: VqganConfig = { ...TINY_VQGAN, imageSize: 32, codes: 12 };

/** Pixels a side of its pictures, super-resolved. */
export const LARGE: number = HIGH.imageSize;

/** Of the weights: with larger ones, networks are sure of a few codes. */
const DEVIATION = 0.4;

/** The model: mini's text encoder, and tiny networks with super-resolution. */
export async function tinyMuse(): Promise<
  Muse & { readonly superres: Superres }
> {
  const encoder = await loadTextEncoder(embeddedPath("text"), { length: 8 });
  const text = { textWidth: encoder.width, textLength: encoder.length };
  const { codes } = TINY_VQGAN;
  const low = gridSize(TINY_VQGAN);
  const high = gridSize(HIGH);
  const base = { ...TINY, ...text, codes, grid: [low, low] } as const;
  const larger = {
    ...TINY_SUPERRES,
    ...text,
    lowCodes: codes,
    lowGrid: base.grid,
    codes: HIGH.codes,
    grid: [high, high],
    block: [low, low],
  } as const;
  const parts = {
    base: createBaseModel(base, randomBase(base, DEVIATION)),
    tokenizer: createTokenizer(TINY_VQGAN, randomVqgan()),
  };
  const model = createSuperresModel(larger, randomSuperres(larger, DEVIATION));
  const tokenizer = createTokenizer(HIGH, randomVqgan(HIGH));
  const superres = {
    model,
    tokenizer,
    async release() {
      await Promise.all([model.release(), tokenizer.release()]);
    },
  };
  const all = [encoder, parts.base, parts.tokenizer, superres];
  return {
    name: "tiny",
    hash: "",
    encoder,
    ...parts,
    superres,
    async release() {
      await Promise.all(all.map((part) => part.release()));
    },
  };
}
