/** Room on the disk, before gigabytes are sent. */

import { freeBytes, sizeText } from "../run/disk.ts";

/**
 * Refuses a download that would not fit.
 *
 * @param folder may not exist yet
 * @throws Error that says how much is wanted and how much is free
 */
export function checkSpace(
  folder: string,
  bytes: number,
  what: string,
): void {
  const free = freeBytes(folder);
  if (free === undefined || free >= bytes) return;
  throw new Error(
    `Cannot download ${what}: it takes ${sizeText(bytes)}, and the disk of ` +
      `${folder} has ${sizeText(free)} left; make room, or set HF_HOME and ` +
      "XDG_CACHE_HOME to folders on another disk",
  );
}
