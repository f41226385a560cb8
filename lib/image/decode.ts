/** Reading pictures of any common format; loads sharp. */

import sharp from "sharp";
import { decodeFailure } from "./decode_failure.ts";
import { createPicture, type Picture } from "./picture.ts";

/**
 * Pixels of the largest picture that is decoded, as in Pillow (twice its
 * MAX_IMAGE_PIXELS): a few kB can announce many more.
 */
export const MOST_PIXELS = 178_956_970;

/**
 * Decodes PNG, JPEG, WebP or GIF bytes (a GIF's first frame) to 8-bit sRGB,
 * upright by its EXIF orientation, with what is transparent laid over white.
 */
export async function decodeImage(bytes: Uint8Array): Promise<Picture> {
  try {
    const { data, info } = await sharp(bytes, { limitInputPixels: MOST_PIXELS })
      .rotate() // by EXIF, before that is lost
      .flatten({ background: "#ffffff" })
      .toColourspace("srgb")
      .removeAlpha()
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    const rgb = info.channels === 1 ? spread(data) : new Uint8Array(data);
    return createPicture(info.width, info.height, rgb);
  } catch (error) {
    throw decodeFailure(bytes, error, "PNG, JPEG, WebP and GIF");
  }
}

/** One gray channel as three equal ones. */
function spread(gray: Uint8Array): Uint8Array {
  const rgb = new Uint8Array(gray.length * 3);
  for (let i = 0; i < gray.length; i++) rgb.fill(gray[i], 3 * i, 3 * i + 3);
  return rgb;
}
