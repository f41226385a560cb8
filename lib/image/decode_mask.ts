/** Reading masks from picture files; loads sharp. */

import sharp from "sharp";
import type { PixelMask } from "./pixel_mask.ts";

/** From here on a brightness of 0 to 255 is white. */
const WHITE = 128;

/**
 * Decodes a picture of any format as a mask, upright by its EXIF orientation.
 * White pixels are meant, black ones are not; grey and coloured ones by which
 * they are nearer to in brightness. What is transparent counts as black, as
 * far as it is.
 */
export async function decodeMask(bytes: Uint8Array): Promise<PixelMask> {
  try {
    const { data, info } = await sharp(bytes)
      .rotate() // by EXIF, before that is lost
      .flatten({ background: "#000000" })
      .toColourspace("b-w")
      .removeAlpha()
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    const { width, height, channels } = info;
    const bits = Uint8Array.from(
      { length: width * height },
      (_, i) => data[i * channels] >= WHITE ? 1 : 0,
    );
    return { width, height, data: bits };
  } catch (error) {
    throw new Error(
      `Decoding ${bytes.length} bytes as a mask failed: ` +
        `${error instanceof Error ? error.message : error}. ` +
        `PNG, JPEG, WebP and GIF files are understood.`,
      { cause: error },
    );
  }
}
