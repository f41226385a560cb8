/** The tokens of a picture of which some pixels are hidden. */

import { cutBox, fillFromAround, meanColour, paintOver } from "../image/cut.ts";
import { type Picture, writePlanar } from "../image/picture.ts";
import {
  type Box,
  cutMask,
  invertMask,
  type PixelMask,
  scaleMask,
} from "../image/pixel_mask.ts";
import { resize } from "../image/resize.ts";
import { type Extent, gridOf } from "../vqgan/config.ts";
import type { Tokenizer } from "../vqgan/model.ts";

/** The part of a tokenizer that reads pictures. */
export type Reader = Pick<Tokenizer, "config" | "encode">;

/** Tokens of which some are not known. */
export interface KnownTokens {
  /** [N]; where the mask is 1, without a meaning. */
  readonly tokens: Int32Array;
  /** [N], 1 where a token is unknown. */
  readonly mask: Uint8Array;
}

/** The size of the tokenizer's own pictures. */
function ownSize({ config: { imageSize } }: Reader): Extent {
  return [imageSize, imageSize];
}

/** What is in a box, at the size of the tokenizer's own pictures. */
export function readSquare(
  { config: { imageSize } }: Reader,
  picture: Picture,
  box: Box,
): Picture {
  return resize(cutBox(picture, box), imageSize, imageSize, "bicubic");
}

/**
 * Tokens of pictures, [B,N].
 * @param size of all of them; that of the tokenizer's own by default
 */
export async function tokensOf(
  reader: Reader,
  pictures: readonly Picture[],
  size: Extent = ownSize(reader),
): Promise<Int32Array> {
  const count = 3 * size[0] * size[1];
  const pixels = new Float32Array(pictures.length * count);
  pictures.forEach((picture, i) =>
    writePlanar(picture, pixels.subarray(i * count, (i + 1) * count))
  );
  return await reader.encode(pixels, size);
}

/**
 * The tokens of a part of a picture, with some pixels hidden, and which
 * of them are unknown. Hidden pixels are never looked at: any others in their
 * place give the same. What lies beyond the picture is hidden too.
 *
 * Unknown is every token with a hidden pixel among its own. A token sees more
 * than its own pixels, so it is also unknown if it comes out another for
 * another guess of what is hidden: what is nearest around it, and the mean of
 * all that is known. Where an encoder sees all of the picture in every token,
 * that counts for the neighbours of hidden pixels alone.
 *
 * @param box of the shape of the size
 * @param size that it is read at; that of the tokenizer's own pictures, which
 * are squares, by default
 */
export async function knownTokens(
  reader: Reader,
  picture: Picture,
  hidden: PixelMask,
  box: Box,
  size: Extent = ownSize(reader),
): Promise<KnownTokens> {
  const { localEncoder } = reader.config;
  const [height, width] = size;
  const part = cutBox(picture, box);
  const partHidden = cutMask(hidden, box);
  const colour = meanColour(part, invertMask(partHidden));
  // Before it is resized, so that no filter mixes into others what is hidden.
  const filled = resize(
    paintOver(part, partHidden, colour),
    width,
    height,
    "bicubic",
  );
  const pixels = scaleMask(partHidden, width, height);
  const grid = gridOf(reader.config, size);
  const own = scaleMask(pixels, grid[1], grid[0]).data;
  const guesses = [fillFromAround(filled, pixels), filled];
  const both = await tokensOf(reader, guesses, size);
  const tokens = both.slice(0, own.length);
  const others = both.subarray(own.length);
  const near = localEncoder ? undefined : neighbours(own, grid);
  const mask = own.map((bit, i) =>
    bit || (tokens[i] !== others[i] && (near?.[i] ?? 1)) ? 1 : 0
  );
  return { tokens, mask };
}

/** 1 for every position at or beside one of the mask, corners included. */
function neighbours(mask: Uint8Array, [rows, columns]: Extent): Uint8Array {
  return mask.map((_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    for (let y = row - 1; y <= row + 1; y++) {
      for (let x = column - 1; x <= column + 1; x++) {
        const inside = y >= 0 && y < rows && x >= 0 && x < columns;
        if (inside && mask[y * columns + x]) return 1;
      }
    }
    return 0;
  });
}
