/** Errors of the operating system, and what to say of them. */

import { NoRoomError } from "./no_room.ts";

/** Whether it was the system that refused something, such as to open a file. */
export function isSystemError(error: unknown): boolean {
  return error instanceof NoRoomError ||
    error instanceof Error && /\(os error \d+\)/.test(error.message);
}

/** An error of the file system in words, without its number and its path. */
export function reasonOf(error: unknown): string {
  if (error instanceof NoRoomError) return error.reason;
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/ \(os error \d+\).*$/s, "").toLowerCase();
}
