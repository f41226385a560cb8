/** Splits a command line into options and the rest. */

import { parseArgs } from "node:util";
import { UsageError } from "./errors.ts";
import { nearest } from "../run/nearest.ts";

/** A command's options by name: with a value, or without. */
export type OptionKinds = Readonly<Record<string, "value" | "flag">>;

/** What was found. */
export type Options<K extends OptionKinds> = {
  readonly positionals: readonly string[];
  readonly values: {
    readonly [N in keyof K]: K[N] extends "flag" ? boolean : string | undefined;
  };
};

/**
 * Reads `--name value`, `--name=value`, flags, and `-h` for `--help`; what
 * follows `--` is no option.
 *
 * @throws UsageError for an unknown option or a value too many or missing
 */
export function readOptions<K extends OptionKinds>(
  kinds: K,
  args: string[],
): Options<K> {
  const { tokens } = parseArgs({
    args,
    strict: false,
    tokens: true,
    options: Object.fromEntries(
      Object.entries(kinds).map(([name, kind]) => [
        name,
        {
          type: kind === "flag" ? "boolean" as const : "string" as const,
          ...(name === "help" ? { short: "h" } : {}),
        },
      ]),
    ),
  });
  const positionals: string[] = [];
  const values = new Map<string, string | boolean | undefined>(
    Object.entries(kinds).map(([name, kind]) => [
      name,
      kind === "flag" ? false : undefined,
    ]),
  );
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const { name, rawName, value, inlineValue } = token;
    if (!Object.hasOwn(kinds, name)) throw unknown(rawName, kinds);
    if (kinds[name] === "flag") {
      if (value !== undefined) {
        throw new UsageError(`${rawName} takes no value, not "${value}".`);
      }
      values.set(name, true);
    } else {
      // A value may look like an option only if it looks like a number.
      const isOption = !inlineValue && /^-[^\d.]/.test(value ?? "");
      if (value === undefined || isOption) {
        throw new UsageError(`${rawName} needs a value.`);
      }
      values.set(name, value);
    }
  }
  return {
    positionals,
    values: Object.fromEntries(values) as Options<K>["values"],
  };
}

/**
 * Reads a command line whose options have `help`, which prints the usage: the
 * command is done then, and there is nothing.
 *
 * @throws UsageError as {@linkcode readOptions}
 */
export function readOrHelp<K extends OptionKinds & { help: "flag" }>(
  usage: string,
  kinds: K,
  args: string[],
): Options<K> | undefined {
  const read = readOptions(kinds, args);
  if (!read.values.help) return read;
  console.log(usage.trimEnd());
  return undefined;
}

/**
 * The options of a command that takes nothing else, as
 * {@linkcode readOrHelp} reads them.
 *
 * @param command its name, for the error
 * @throws UsageError as {@linkcode readOptions}, and for anything else
 */
export function readOnlyOptions<K extends OptionKinds & { help: "flag" }>(
  command: string,
  usage: string,
  kinds: K,
  args: string[],
): Options<K>["values"] | undefined {
  const read = readOrHelp(usage, kinds, args);
  if (!read) return undefined;
  const { values, positionals } = read;
  if (positionals.length > 0) {
    throw new UsageError(`${command} takes no "${positionals[0]}".`);
  }
  return values;
}

function unknown(rawName: string, kinds: OptionKinds): UsageError {
  const meant = nearest(rawName.replace(/^-+/, ""), Object.keys(kinds));
  return new UsageError(
    `there is no option ${rawName}` +
      (meant ? `; did you mean --${meant}?` : "."),
  );
}
