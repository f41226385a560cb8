/** The files that an edit begins with, read and checked before any model. */

import { createHash } from "node:crypto";
import { decodeImage } from "../image/decode.ts";
import { decodeMask } from "../image/decode_mask.ts";
import type { Picture } from "../image/picture.ts";
import { boxMask, maskBounds, type PixelMask } from "../image/pixel_mask.ts";
import { enlarge } from "../muse/edit_inpaint.ts";
import type { Change } from "./edit_change.ts";
import { UsageError } from "./errors.ts";
import { readGiven } from "./files.ts";

/** What is edited. */
export interface Scene {
  /** As it is edited: enlarged, for an outpainting. */
  readonly picture: Picture;
  /** SHA-256 of the picture's file. */
  readonly hash: string;
  /** The pixels that are drawn anew, if only some are. */
  readonly region: PixelMask | undefined;
  /** SHA-256 of the mask's file, if there is one. */
  readonly maskHash: string | undefined;
}

/**
 * Reads a picture, and the mask that a change names.
 * @throws UsageError if one is missing or they don't fit each other; Error if
 * one can't be read
 */
export async function readScene(
  path: string,
  change: Change,
): Promise<Scene> {
  const { decoded: picture, hash } = await readFile(path, decodeImage);
  const whole = { picture, hash, region: undefined, maskHash: undefined };
  if (change.kind === "outpaint") {
    try {
      const { enlarged, region } = enlarge(picture, change.margins);
      return { ...whole, picture: enlarged, region };
    } catch (error) { // it would be too large
      throw new UsageError((error as Error).message);
    }
  }
  if (change.kind !== "inpaint") return whole;
  const { where } = change;
  if ("box" in where) {
    return { ...whole, region: boxRegion(path, picture, where.box) };
  }
  const mask = await readFile(where.mask, decodeMask);
  checkMask(path, picture, where.mask, mask.decoded);
  return { ...whole, region: mask.decoded, maskHash: mask.hash };
}

async function readFile<T>(
  path: string,
  decode: (bytes: Uint8Array) => Promise<T>,
): Promise<{ decoded: T; hash: string }> {
  const bytes = await readGiven(path);
  try {
    const hash = createHash("sha256").update(bytes).digest("hex");
    return { decoded: await decode(bytes), hash };
  } catch (error) {
    throw new Error(`Cannot read ${path}: ${(error as Error).message}`);
  }
}

function boxRegion(
  path: string,
  { width, height }: Picture,
  box: { x: number; y: number; width: number; height: number },
): PixelMask {
  if (box.x + box.width > width || box.y + box.height > height) {
    throw new UsageError(
      `--box ${box.x},${box.y},${box.width},${box.height} ends at ` +
        `${box.x + box.width},${box.y + box.height}, beyond ${path}, which ` +
        `has ${width}x${height} pixels.`,
    );
  }
  return boxMask(width, height, box);
}

function checkMask(
  path: string,
  { width, height }: Picture,
  maskPath: string,
  mask: PixelMask,
): void {
  if (mask.width !== width || mask.height !== height) {
    throw new UsageError(
      `the mask ${maskPath} has ${mask.width}x${mask.height} pixels, but ` +
        `${path} has ${width}x${height}; make them of one size.`,
    );
  }
  if (maskBounds(mask)) return;
  throw new UsageError(
    `the mask ${maskPath} has no white pixel; it is white where the picture ` +
      `is to be drawn anew, and black or transparent elsewhere.`,
  );
}
