/** Room on a disk, in bytes and in words. */

import { statfsSync } from "node:fs";
import { dirname } from "node:path";

/** Room on the disk of a folder that may not exist yet; undefined if unknown. */
export function freeBytes(folder: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error &&
      error.code === "ENOENT";
    // Where the system doesn't say, writing will.
    if (!isMissing || folder === dirname(folder)) return undefined;
    return freeBytes(dirname(folder));
  }
}

/** Such as "2.41 GB", "495 MB" or "574 B", in powers of ten. */
export function sizeText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let size = bytes;
  let unit = 0;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  const digits = unit === 0 || size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
  return `${size.toFixed(digits)} ${units[unit]}`;
}
