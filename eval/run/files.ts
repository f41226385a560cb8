/** Files of a run, each written whole, and what to say when that fails. */

import { createHash } from "node:crypto";
import { join } from "node:path";
import type { z } from "zod";
import { freeBytes, sizeText } from "../../lib/run/disk.ts";
import { writeAtomic } from "../../lib/run/atomic.ts";
import { checkForm, parseJson } from "../../lib/run/json_form.ts";
import { isSystemError, reasonOf } from "../../lib/run/system_error.ts";

/**
 * Writes a file of a run that appears whole or not at all.
 *
 * @throws Error that says what to do, such as make room
 */
export async function writeRunFile(
  path: string,
  data: string | Uint8Array,
): Promise<void> {
  const bytes = typeof data === "string"
    ? new TextEncoder().encode(data)
    : data;
  await reported(path, () => writeAtomic(path, [bytes]));
}

/** Does what writes a file; an error of the disk says what to do. */
export async function reported(
  path: string,
  write: () => Promise<void>,
): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new Error(
      `Cannot write ${path}: ${reasonOf(error)}; what is done is kept: make ` +
        `room, or mend what is wrong, and the same command goes on from there`,
    );
  }
}

/** Writes an object as JSON, a key a line. */
export async function writeRunJson(
  path: string,
  value: unknown,
): Promise<void> {
  await writeRunFile(path, `${JSON.stringify(value, null, 2)}\n`);
}

/**
 * Reads a file of JSON of a given form.
 *
 * @throws Error that names the file and what of it is wrong
 */
export async function readRunJson<T>(
  path: string,
  form: z.ZodType<T>,
): Promise<T> {
  return parseRun(path, await Deno.readTextFile(path), form);
}

/** Reads a file with an object of a given form a line. */
export async function readRunLines<T>(
  path: string,
  form: z.ZodType<T>,
): Promise<T[]> {
  const text = await Deno.readTextFile(path);
  return text.split("\n").filter((line) => line !== "")
    .map((line, i) => parseRun(`${path}, line ${i + 1}`, line, form));
}

function parseRun<T>(what: string, text: string, form: z.ZodType<T>): T {
  try {
    return checkForm(form, parseJson(text));
  } catch (error) {
    throw new Error(
      `Cannot read ${what}: ${(error as Error).message}; it is of another ` +
        `version, or damaged: make the run anew`,
    );
  }
}

/** An object a line. */
export function linesOf(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join("");
}

/** SHA-256 of an object, whatever the order of its keys. */
export function hashOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(sorted(value)))
    .digest("hex");
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).toSorted(([a], [b]) => a < b ? -1 : 1)
      .map(([key, one]) => [key, sorted(one)]),
  );
}

/** What `writeAtomic` leaves of a file when the process is killed. */
const PART = /\.[0-9a-f-]{36}\.part$/;

/** Removes what killed processes left in a folder, and in those below it. */
export async function removeParts(folder: string): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) await removeParts(path);
    else if (PART.test(name)) await Deno.remove(path);
  }
}

/**
 * Refuses what would not fit on the disk, before the work.
 *
 * @throws Error that says how much is wanted and how much is free
 */
export function checkRoom(folder: string, bytes: number): void {
  const free = freeBytes(folder);
  if (free === undefined || free >= bytes) return;
  throw new Error(
    `Cannot begin the run ${folder}: it takes about ${sizeText(bytes)}, and ` +
      `the disk has ${sizeText(free)} left; make room, or choose a folder on ` +
      `another disk by --out`,
  );
}
