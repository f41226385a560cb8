/** The configuration of a network that others published, field by field. */

import {
  count,
  COUNTS,
  type Field,
  FLAG,
  isRecord,
  NUMBER,
  oneOf,
} from "./field.ts";

/** The fields of a configuration, each checked when it is asked for. */
export interface NetworkFields {
  /** A whole number of at least `least`, 1 by default. */
  count(name: string, least?: number): number;
  /** A list of whole numbers of at least 1. */
  counts(name: string): readonly number[];
  /** True or false; `missing` where there is none. */
  flag(name: string, missing?: boolean): boolean;
  /** A finite number; `missing` where there is none. */
  number(name: string, missing?: number): number;
  /** One of the known words. */
  oneOf<Word extends string>(name: string, words: readonly Word[]): Word;
  /** Throws the error that a field is not what was wanted. */
  wrong(name: string, wanted: string): never;
}

/**
 * Opens a configuration of unknown form.
 *
 * @param network what is configured, with its file, for errors
 * @param advice what to do about a wrong one
 * @throws Error, as its methods, naming the network and the field
 */
export function networkFields(
  network: string,
  found: unknown,
  advice: string,
): NetworkFields {
  const refuse = (what: string, value: unknown, wanted: string): never => {
    throw new Error(
      `Cannot load the ${network}: ${what} is ${JSON.stringify(value)}, ` +
        `wanted ${wanted}; ${advice}`,
    );
  };
  if (!isRecord(found)) {
    return refuse("its network", found, "an object with the sizes");
  }
  const fields = found;
  const wrong = (name: string, wanted: string) =>
    refuse(`"${name}" of its network`, fields[name], wanted);
  function read<T>(name: string, { holds, wanted }: Field<T>, missing?: T): T {
    const value = fields[name] ?? missing;
    return holds(value) ? value : wrong(name, wanted);
  }
  return {
    count: (name, least) => read(name, count(least)),
    counts: (name) => read(name, COUNTS),
    flag: (name, missing) => read(name, FLAG, missing),
    number: (name, missing) => read(name, NUMBER, missing),
    oneOf: (name, words) => read(name, oneOf(words)),
    wrong,
  };
}
