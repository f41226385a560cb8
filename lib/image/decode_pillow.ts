/**
 * Reading pictures as Python's tools of evaluation do, which all call Pillow's
 * `Image.open(path).convert("RGB")`; loads sharp. Their figures depend on it:
 * colour profiles, gamma and EXIF's orientation count for nothing, transparency
 * is dropped and not laid over anything, and of an animation there is the first
 * frame.
 */

import sharp from "sharp";
import { MOST_PIXELS } from "./decode.ts";
import { decodeBmp, isBmp } from "./decode_bmp.ts";
import { decodePnm, isPnm } from "./decode_pnm.ts";
import { createPicture, type Picture } from "./picture.ts";

/**
 * Decodes JPEG, PNG, WebP, TIFF, BMP, PPM or PGM bytes to 8-bit RGB.
 *
 * @throws Error for what Pillow refuses: damaged and truncated pictures, and
 * those of more than {@linkcode MOST_PIXELS} pixels; and for rare kinds of TIFF
 * and BMP that it reads and this doesn't
 */
export async function decodeAsPillow(bytes: Uint8Array): Promise<Picture> {
  try {
    if (isPnm(bytes)) return decodePnm(bytes, MOST_PIXELS);
    if (isBmp(bytes)) return decodeBmp(bytes, MOST_PIXELS);
    return await decodeByVips(bytes);
  } catch (error) {
    throw new Error(
      `Decoding ${bytes.length} bytes as a picture failed: ` +
        `${error instanceof Error ? error.message : error}. ` +
        `JPEG, PNG, WebP, TIFF, BMP, PPM and PGM files are understood.`,
      { cause: error },
    );
  }
}

/** Samples as they are stored, pixel by pixel. */
interface Samples {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Uint8Array | Uint16Array;
}

/** How samples of a colour space become RGB. */
type ToRgb = (samples: Samples, from: number) => readonly number[];

const high = (sample: number) => sample >> 8;
/** Pillow cuts 16-bit grey off at white, and keeps its first byte otherwise. */
const cut = (sample: number) => Math.min(sample, 255);

const grey = (level: number) => [level, level, level];

/** By libvips' names of colour spaces. */
const SPACES: Readonly<Record<string, ToRgb>> = {
  "srgb": ({ data }, i) => [data[i], data[i + 1], data[i + 2]],
  "b-w": ({ data }, i) => grey(data[i]),
  "cmyk": ({ data }, i) => cmykToRgb(data, i),
  "rgb16": ({ data }, i) => [data[i], data[i + 1], data[i + 2]].map(high),
  "grey16": ({ data, channels }, i) =>
    grey(channels === 1 ? cut(data[i]) : high(data[i])),
};

/** Pillow's src/libImaging/Convert.c, cmyk2rgb. */
function cmykToRgb(data: ArrayLike<number>, at: number): number[] {
  const light = 255 - data[at + 3];
  return [0, 1, 2].map((i) => {
    const product = data[at + i] * light + 128;
    return light - ((product >> 8) + product >> 8);
  });
}

/** Formats that tools of evaluation list. */
const FORMATS = ["jpeg", "png", "webp", "tiff"];

async function decodeByVips(bytes: Uint8Array): Promise<Picture> {
  const open = () =>
    sharp(bytes, {
      limitInputPixels: MOST_PIXELS,
      failOn: "truncated",
      ignoreIcc: true,
    });
  const { space, depth, format } = await open().metadata();
  if (!FORMATS.includes(format)) {
    throw new Error(`it is ${format}, which tools of evaluation leave out`);
  }
  const toRgb = SPACES[space];
  if (!toRgb || depth !== "uchar" && depth !== "ushort") {
    throw new Error(`its pixels are ${depth} of ${space}, which isn't read`);
  }
  const stored = format === "tiff" ? open().autoOrient() : open();
  const { data, info } = await stored
    .pipelineColourspace(space)
    .toColourspace(space)
    .raw({ depth })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const values = depth === "uchar"
    ? data
    : new Uint16Array(data.buffer, data.byteOffset, data.length / 2);
  return spread({ width, height, channels, data: values }, toRgb);
}

function spread(samples: Samples, toRgb: ToRgb): Picture {
  const { width, height, channels } = samples;
  const picture = createPicture(width, height);
  for (let i = 0; i < width * height; i++) {
    picture.data.set(toRgb(samples, i * channels), 3 * i);
  }
  return picture;
}
