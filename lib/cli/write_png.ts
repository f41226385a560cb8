/** Pictures in files, with what made them. */

import { encodePng, readPngText } from "../image/encode.ts";
import type { Picture } from "../image/picture.ts";
import { writeAtomicSync } from "../run/atomic.ts";
import { freePath } from "./files.ts";

/**
 * Writes a picture with its text; returns the path.
 *
 * @param replaces whatever is at the path; else only a picture with the same
 * text is replaced, and another one leads to a path with a number
 */
export async function writePng(
  path: string,
  picture: Picture,
  text: Readonly<Record<string, string>>,
  replaces: boolean,
): Promise<string> {
  const bytes = await encodePng(picture, text);
  const file = replaces ? path : freePath(path, (old) => hasText(old, text));
  writeAtomicSync(file, bytes);
  return file;
}

/** Whether a file is a picture with exactly this text. */
function hasText(
  bytes: Uint8Array,
  text: Readonly<Record<string, string>>,
): boolean {
  try {
    const found = readPngText(bytes);
    return Object.keys(found).length === Object.keys(text).length &&
      Object.entries(text).every(([key, value]) => found[key] === value);
  } catch {
    return false; // it is no PNG file
  }
}
