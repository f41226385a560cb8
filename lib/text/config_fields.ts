/** Checks of a published `config.json`. */

/** The fields of a configuration, each checked when it is asked for. */
export interface ConfigFields {
  /** A positive integer; `missing` where there is none. */
  count(key: string, missing?: number): number;
  /** A number. */
  number(key: string): number;
  /** One of these words; the first where there is none, if `optional`. */
  word<Word extends string>(
    key: string,
    words: readonly Word[],
    optional?: "optional",
  ): Word;
  /** Throws the error that a field is not what was wanted. */
  wrong(key: string, wanted: string): never;
}

/**
 * Opens a configuration.
 *
 * @param network what is configured, for errors
 * @throws Error, as its methods, naming the network and the field
 */
export function configFields(
  network: string,
  json: Readonly<Record<string, unknown>>,
): ConfigFields {
  const wrong = (key: string, wanted: string): never => {
    throw new Error(
      `reading a ${network}'s configuration: "${key}" is ` +
        `${JSON.stringify(json[key])}, wanted ${wanted}`,
    );
  };
  return {
    count(key, missing) {
      const value = json[key] ?? missing;
      return typeof value === "number" && Number.isInteger(value) && value > 0
        ? value
        : wrong(key, "a positive integer");
    },
    number(key) {
      const value = json[key];
      return typeof value === "number" ? value : wrong(key, "a number");
    },
    word(key, words, optional) {
      const value = json[key] ?? (optional && words[0]);
      return words.find((word) => word === value) ??
        wrong(key, words.map((word) => JSON.stringify(word)).join(" or "));
    },
    wrong,
  };
}
