/**
 * Reading pictures as Python's tools of evaluation do, which all call Pillow's
 * `Image.open(path).convert("RGB")`; loads sharp. Their figures depend on it:
 * colour profiles, gamma and EXIF's orientation count for nothing, transparency
 * is dropped and not laid over anything, and of an animation there is the first
 * frame.
 */

import { crc32 } from "node:zlib";
import sharp from "sharp";
import { MOST_PIXELS } from "./decode.ts";
import { decodeBmp, isBmp } from "./decode_bmp.ts";
import { decodeFailure } from "./decode_failure.ts";
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
    throw decodeFailure(
      bytes,
      error,
      "JPEG, PNG, WebP, TIFF, BMP, PPM and PGM",
    );
  }
}

/** Samples as they are stored, pixel by pixel. */
interface Samples {
  readonly channels: number;
  readonly data: Uint8Array | Uint16Array | Float32Array;
  /** The file they are of. */
  readonly file: Uint8Array;
}

/** Writes samples of a colour space as RGB. */
type WriteRgb = (samples: Samples, out: Uint8Array) => void;

/** Writes a pixel's three bytes from the place of its first sample. */
function pixelByPixel(
  { channels }: Samples,
  out: Uint8Array,
  write: (from: number, to: number) => void,
): void {
  for (let from = 0, to = 0; to < out.length; from += channels, to += 3) {
    write(from, to);
  }
}

/** By libvips' names of colour spaces; alpha channels are passed over. */
const SPACES: Readonly<Record<string, WriteRgb>> = {
  "srgb"(samples, out) {
    const { channels, data } = samples;
    if (channels === 3) return out.set(data);
    pixelByPixel(samples, out, (from, to) => {
      out[to] = data[from];
      out[to + 1] = data[from + 1];
      out[to + 2] = data[from + 2];
    });
  },
  // Whole numbers and fractions of any size are cut off at black and at white.
  "b-w"(samples, out) {
    const { data } = samples;
    pixelByPixel(samples, out, (from, to) => {
      out.fill(Math.min(Math.max(0, data[from]), 255), to, to + 3);
    });
  },
  "cmyk": writeCmyk,
  "rgb16"(samples, out) {
    const { data } = samples;
    pixelByPixel(samples, out, (from, to) => {
      for (let i = 0; i < 3; i++) out[to + i] = data[from + i] >> 8;
    });
  },
  "grey16"(samples, out) {
    const { data } = samples;
    const level = isCut(samples)
      ? (sample: number) => Math.min(sample, 255)
      : (sample: number) => sample >> 8;
    pixelByPixel(samples, out, (from, to) => {
      out.fill(level(data[from]), to, to + 3);
    });
  },
};

/** Where a PNG tells its kind of colours, and the number of plain grey. */
const [COLOUR_TYPE, GREY] = [25, 0];

/**
 * Pillow cuts 16-bit grey off at white, but for that with an alpha channel, of
 * which it takes the high bytes. A PNG's one transparent level is none.
 */
function isCut({ channels, file }: Samples): boolean {
  return channels === 1 || isPng(file) && file[COLOUR_TYPE] === GREY;
}

/** Pillow's src/libImaging/Convert.c, cmyk2rgb. */
function writeCmyk(samples: Samples, out: Uint8Array): void {
  const { data } = samples;
  pixelByPixel(samples, out, (from, to) => {
    const light = 255 - data[from + 3];
    for (let i = 0; i < 3; i++) {
      const product = data[from + i] * light + 128;
      out[to + i] = light - ((product >> 8) + product >> 8);
    }
  });
}

/** Formats that tools of evaluation list. */
const FORMATS = ["jpeg", "png", "webp", "tiff"];

/** Samples as libvips gives them, by how it stores them. */
const DEPTHS = {
  uchar: { depth: "uchar", samples: (data: Uint8Array) => data },
  ushort: {
    depth: "ushort",
    samples: (data: Uint8Array) => new Uint16Array(aligned(data)),
  },
  int: {
    depth: "float",
    samples: (data: Uint8Array) => new Float32Array(aligned(data)),
  },
  float: {
    depth: "float",
    samples: (data: Uint8Array) => new Float32Array(aligned(data)),
  },
} as const;

const aligned = (data: Uint8Array) => new Uint8Array(data).buffer;

async function decodeByVips(bytes: Uint8Array): Promise<Picture> {
  if (isPng(bytes)) checkChunks(bytes);
  const open = () =>
    sharp(bytes, {
      limitInputPixels: MOST_PIXELS,
      // A TIFF that ends too early is an error of its own.
      failOn: isTiff(bytes) ? "error" : "truncated",
      ignoreIcc: true,
    });
  const { space, depth, format } = await open().metadata();
  if (!FORMATS.includes(format)) {
    throw new Error(`it is ${format}, which tools of evaluation leave out`);
  }
  const write = SPACES[space];
  const isKnown = (depth: string): depth is keyof typeof DEPTHS =>
    depth in DEPTHS;
  if (!write || !isKnown(depth)) {
    throw new Error(`its pixels are ${depth} of ${space}, which isn't read`);
  }
  const stored = format === "tiff" ? open().autoOrient() : open();
  const { data, info } = await stored
    .pipelineColourspace(space)
    .toColourspace(space)
    .raw({ depth: DEPTHS[depth].depth })
    .toBuffer({ resolveWithObject: true });
  const picture = createPicture(info.width, info.height);
  const samples = DEPTHS[depth].samples(data);
  write({ channels: info.channels, data: samples, file: bytes }, picture.data);
  return picture;
}

const isPng = (bytes: Uint8Array) => bytes[0] === 0x89;
const isTiff = (bytes: Uint8Array) =>
  bytes[0] === bytes[1] && (bytes[0] === 0x49 || bytes[0] === 0x4d); // II, MM

/**
 * Checks what Pillow checks and libvips doesn't: the checksums of a PNG's chunks
 * before its pixels.
 */
function checkChunks(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 8; at + 12 <= bytes.length;) {
    const end = at + 8 + view.getUint32(at);
    const kind = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (kind === "IDAT" || end + 4 > bytes.length) return;
    if (crc32(bytes.subarray(at + 4, end)) !== view.getUint32(end)) {
      throw new Error(`the checksum of its chunk ${kind} is wrong`);
    }
    at = end + 4;
  }
}
