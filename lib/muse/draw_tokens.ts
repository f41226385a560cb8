/** Tokens as pictures: the end of every drawing. */

import { fromPlanarBatch, type Picture } from "../image/picture.ts";
import { type Extent, gridSize, pixelsOf } from "../vqgan/config.ts";
import type { Tokenizer } from "../vqgan/model.ts";
import type { TokenSizes } from "./config.ts";
import type { DecodeState } from "./decode_state.ts";
import { type BaseTokens, type Enlarger, enlargeTokens } from "./enlarge.ts";
import type { DrawOptions, Enlarging } from "./options.ts";

/** Pictures of tokens. */
export interface Drawn {
  /** Of the pictures, [B,M], where they were super-resolved. */
  readonly superresTokens?: Int32Array;
  readonly pictures: readonly Picture[];
  /** How long that took. */
  readonly seconds: {
    /** The decode of super-resolution, where there was one. */
    readonly superres?: number;
    /** Drawing the tokens. */
    readonly picture: number;
  };
}

/** A model that draws tokens. */
export interface PictureDrawer extends Enlarger {
  /** Of the base's tokens. */
  readonly tokenizer: Tokenizer;
  readonly base: { readonly config: TokenSizes };
}

/**
 * Draws tokens that the base found, larger if the model has super-resolution
 * and the options want it.
 *
 * @param onStep is called with the state after every step of super-resolution
 */
export async function drawFound(
  muse: PictureDrawer,
  found: BaseTokens,
  settings: Enlarging & Pick<DrawOptions, "seed">,
  onStep?: (state: DecodeState) => void,
): Promise<Drawn> {
  const began = performance.now();
  const superresTokens = await enlargeTokens(muse, found, settings, onStep);
  const enlarged = performance.now();
  const pictures = superresTokens
    ? await tokensToPictures(muse.superres!.tokenizer, superresTokens)
    : await tokensToPictures(
      muse.tokenizer,
      found.tokens,
      muse.base.config.grid,
    );
  const picture = (performance.now() - enlarged) / 1000;
  if (!superresTokens) return { pictures, seconds: { picture } };
  const superres = (enlarged - began) / 1000;
  return { superresTokens, pictures, seconds: { superres, picture } };
}

/**
 * Tokens [B,N] as pictures.
 * @param grid h and w in tokens; that of the tokenizer's own pictures by default
 */
export async function tokensToPictures(
  tokenizer: Tokenizer,
  tokens: Int32Array,
  grid?: Extent,
): Promise<Picture[]> {
  const { config } = tokenizer;
  const own = [gridSize(config), gridSize(config)] as const;
  const [height, width] = pixelsOf(config, grid ?? own);
  const planes = await tokenizer.decode(tokens, grid);
  return fromPlanarBatch(planes, width, height);
}
