/** What to say where a disk is full. */

import { dirname, resolve } from "node:path";
import { freeBytes, sizeText } from "./disk.ts";

/** A file was too much for its disk, or for what is allowed there. */
export class NoRoomError extends Error {
  override readonly name = "NoRoomError";

  /** @param reason what the system says, what was wanted, and what there is */
  constructor(path: string, readonly reason: string) {
    super(
      `Cannot write ${path}: ${reason}; make room there, or choose a folder ` +
        `on another disk`,
    );
  }
}

const FULL = "no space left on device";
const TOO_LARGE = "file too large"; // for the file system, or by `ulimit -f`
const QUOTA = "disk quota exceeded";

/** What the system's numbers of such errors mean. */
const REASONS: ReadonlyMap<number, string> = new Map(
  Deno.build.os === "windows"
    ? [[39, FULL], [112, FULL], [223, TOO_LARGE], [1295, QUOTA]]
    : [[28, FULL], [27, TOO_LARGE], [
      Deno.build.os === "linux" ? 122 : 69,
      QUOTA,
    ]],
);

/**
 * What an error of writing a file should be: where there was no room, one that
 * says how much was wanted, else the same.
 *
 * @param path of the file, of which nothing is left already
 * @param bytes of the whole file, where that is known
 */
export function roomError(
  error: unknown,
  path: string,
  bytes?: number,
): unknown {
  const text = error instanceof Error ? error.message : "";
  const reason = REASONS.get(Number(/\(os error (\d+)\)/.exec(text)?.[1]));
  return reason === undefined ? error : noRoom(path, reason, bytes);
}

/**
 * Refuses a file that is known not to fit before it fills the disk.
 *
 * @throws NoRoomError
 */
export function checkRoom(path: string, bytes: number): void {
  const free = freeBytes(dirname(resolve(path)));
  if (free !== undefined && free < bytes) throw noRoom(path, FULL, bytes);
}

function noRoom(path: string, reason: string, bytes?: number): NoRoomError {
  const wanted = bytes === undefined ? [] : [`it takes ${sizeText(bytes)}`];
  // A quota and a limit leave less than what is free for all.
  const free = reason === FULL ? freeBytes(dirname(resolve(path))) : undefined;
  const left = free === undefined ? [] : [`${sizeText(free)} are free there`];
  const figures = [...wanted, ...left].join(", and ");
  return new NoRoomError(path, figures ? `${reason} (${figures})` : reason);
}
