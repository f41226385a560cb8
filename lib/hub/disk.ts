/** Room on the disk, before gigabytes are sent. */

import { statfs } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Refuses what would not fit.
 *
 * @param folder may not exist yet
 * @throws Error that says how much is wanted and how much is free
 */
export async function checkSpace(
  folder: string,
  bytes: number,
  what: string,
): Promise<void> {
  const free = await freeBytes(folder);
  if (free === undefined || free >= bytes) return;
  throw new Error(
    `Cannot download ${what}: it takes ${sizeText(bytes)}, and the disk of ` +
      `${folder} has ${sizeText(free)} left; make room, or set HF_HOME and ` +
      "XDG_CACHE_HOME to folders on another disk",
  );
}

/** Room on the disk of a folder that may not exist yet; undefined if unknown. */
export async function freeBytes(
  folder: string,
): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return Number(bavail) * Number(bsize);
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error &&
      error.code === "ENOENT";
    // Where the system doesn't say, writing will.
    if (!isMissing || folder === dirname(folder)) return undefined;
    return await freeBytes(dirname(folder));
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
