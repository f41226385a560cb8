/** Numbers and texts of pickles. */

import { line, type Machine } from "./pickle_machine.ts";
import type { PickleValue } from "./pickle_values.ts";

/** Python's own integers in checkpoints have up to 128 bits. */
const LONGEST_INTEGER = 1024;

const NO_NUMBER = "a number of its pickle is not one";
const UTF8 = new TextDecoder("utf-8", {
  fatal: true,
  ignoreBOM: true,
});

export function text(machine: Machine, bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    machine.refuse("text of its pickle is not UTF-8");
  }
}

/** A `str` of Python 2: text, or the bytes of an array. */
export function readOldText(bytes: Uint8Array): string | Uint8Array {
  try {
    return UTF8.decode(bytes);
  } catch {
    return bytes;
  }
}

/** Python's raw-unicode-escape and string_escape, as far as they occur. */
export function unescape(line: string, escapes: RegExp): string {
  return line.replaceAll(escapes, (_, short?: string, long?: string) => {
    const code = Number.parseInt(short ?? long ?? "", 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
  });
}

export function readQuoted(machine: Machine): string {
  const quoted = /^(['"])(.*)\1$/.exec(line(machine));
  if (!quoted) machine.refuse("a text of its pickle has no quotes around it");
  return unescape(quoted[2], /\\x(.{2})/g).replaceAll(/\\(['"\\])/g, "$1");
}

export function readInt(machine: Machine): PickleValue {
  const digits = line(machine);
  if (digits === "00") return false; // how protocol 0 spells them
  if (digits === "01") return true;
  return parseInteger(machine, digits);
}

export function parseInteger(
  machine: Machine,
  digits: string,
): PickleValue {
  if (!/^-?\d{1,1024}$/.test(digits)) machine.refuse(NO_NUMBER);
  return shorten(BigInt(digits));
}

export function readFloat(machine: Machine): number {
  const written = line(machine);
  const words = new Map([["nan", NaN], ["inf", Infinity], ["-inf", -Infinity]]);
  const word = words.get(written);
  if (word !== undefined) return word;
  if (!/^[-+.e\d]{1,40}$/i.test(written)) machine.refuse(NO_NUMBER);
  const value = Number(written);
  if (Number.isNaN(value)) machine.refuse(NO_NUMBER);
  return value;
}

/** Two's complement, low bytes first. */
export function readLong(machine: Machine, length: number): PickleValue {
  if (length > LONGEST_INTEGER) {
    machine.refuse(`its pickle has an integer of ${length} bytes`);
  }
  const bytes = machine.source.take(length);
  let value = 0n;
  for (const byte of bytes.toReversed()) value = (value << 8n) | BigInt(byte);
  return shorten(BigInt.asIntN(8 * length, value));
}

function shorten(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
