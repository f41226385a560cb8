/** Checks of a network's configuration that was read from a file. */

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
  advice = "export it again",
): NetworkFields {
  const refuse = (what: string, value: unknown, wanted: string): never => {
    throw new Error(
      `Cannot load the ${network}: ${what} is ${JSON.stringify(value)}, ` +
        `wanted ${wanted}; ${advice}`,
    );
  };
  if (typeof found !== "object" || found === null || Array.isArray(found)) {
    return refuse("its network", found, "an object with the sizes");
  }
  const fields: Readonly<Record<string, unknown>> = { ...found };
  const wrong = (name: string, wanted: string) =>
    refuse(`"${name}" of its network`, fields[name], wanted);
  const isCount = (value: unknown, least: number): value is number =>
    Number.isSafeInteger(value) && (value as number) >= least;
  return {
    count(name, least = 1) {
      const value = fields[name];
      return isCount(value, least)
        ? value
        : wrong(name, `a whole number of at least ${least}`);
    },
    counts(name) {
      const value = fields[name];
      const whole = Array.isArray(value) && value.length > 0 &&
        value.every((entry) => isCount(entry, 1));
      return whole ? value : wrong(name, "a list of whole numbers from 1");
    },
    flag(name, missing) {
      const value = fields[name] ?? missing;
      return typeof value === "boolean" ? value : wrong(name, "true or false");
    },
    number(name, missing) {
      const value = fields[name] ?? missing;
      return Number.isFinite(value)
        ? value as number
        : wrong(name, "a finite number");
    },
    oneOf(name, words) {
      const word = words.find((known) => known === fields[name]);
      return word ??
        wrong(name, words.map((known) => `"${known}"`).join(" or "));
    },
    wrong,
  };
}
