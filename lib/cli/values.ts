/** Reading numbers and texts from the values of options. */

import { UsageError } from "./errors.ts";
import { hint } from "../run/nearest.ts";

/** What a number looks like, as the source of a regular expression. */
export const NUMBER: string = String
  .raw`[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?`;
const ONE_NUMBER = new RegExp(`^${NUMBER}$`, "i");

/** Whether a text is one finite number, as people write them. */
export function isNumber(text: string): boolean {
  return ONE_NUMBER.test(text);
}

/** Numbers with commas between them. */
export function readNumbers(name: string, text: string): number[] {
  const list = text.split(",").map((part) => part.trim());
  const odd = list.find((part) => !isNumber(part));
  if (odd === undefined) return list.map(Number);
  throw new UsageError(
    `--${name} is a list of numbers with commas between them, but ` +
      `"${odd}" is not a number.`,
  );
}

/** A whole number within limits. */
export function readWhole(
  name: string,
  text: string,
  least: number,
  most: number = Number.MAX_SAFE_INTEGER,
): number {
  const value = Number(text);
  if (/^[-+]?\d+$/.test(text) && value >= least && value <= most) return value;
  const end = most === Number.MAX_SAFE_INTEGER ? "up" : `to ${most}`;
  throw new UsageError(
    `--${name} is a whole number from ${least} ${end}, not "${text}".`,
  );
}

/** How many pictures are drawn at once; "auto" for as many as are drawn fastest. */
export type Batch = number | "auto";

/** `--batch`. */
export function readBatch(text: string): Batch {
  return text === "auto" ? text : readWhole("batch", text, 1, 256);
}

/** A number within limits, which infinities and NaN are not. */
export function readNumber(
  name: string,
  text: string,
  least: number,
  most: number,
): number {
  const value = Number(text);
  if (isNumber(text) && value >= least && value <= most) return value;
  throw new UsageError(
    `--${name} is a number from ${least} to ${most}, not "${text}".`,
  );
}

/** A share above 0 and up to 1. */
export function readShare(name: string, text: string): number {
  const value = Number(text);
  if (isNumber(text) && value > 0 && value <= 1) return value;
  throw new UsageError(
    `--${name} is a number above 0 and up to 1, not "${text}".`,
  );
}

/** A text that is not blank, if there is one. */
export function readText(
  name: string,
  text: string | undefined,
): string | undefined {
  if (text?.trim() === "") throw new UsageError(`--${name} is empty.`);
  return text;
}

/**
 * One of the known names.
 * @throws UsageError for any other, which lists them and tells the nearest
 */
export function readKnown<T extends string>(
  option: string,
  text: string,
  names: readonly T[],
): T {
  const found = names.find((name) => name === text);
  if (found !== undefined) return found;
  throw new UsageError(
    `--${option} is one of ${names.join(", ")}, not "${text}"` +
      (hint(text, names) || "."),
  );
}

/** Names with commas between them, once each, as {@linkcode readKnown}. */
export function readKnownList<T extends string>(
  option: string,
  text: string,
  names: readonly T[],
): T[] {
  const list = text.split(",")
    .map((part) => readKnown(option, part.trim(), names));
  return [...new Set(list)];
}

/**
 * An address of the web, or undefined if it was not given.
 * @throws UsageError
 */
export function readAddress(
  name: string,
  value: string | undefined,
): string | undefined {
  const address = readText(name, value);
  const isOne = /^https?:$/.test(URL.parse(address ?? "")?.protocol ?? "");
  if (address === undefined || isOne) return address;
  throw new UsageError(`--${name} is an address, not "${address}".`);
}
