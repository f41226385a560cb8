/** What the fields of a configuration may hold. */

/** One kind of value. */
export interface Field<T> {
  /** In words, for errors. */
  readonly wanted: string;
  readonly holds: (value: unknown) => value is T;
}

/** A whole number of at least `least`. */
export function count(least = 1): Field<number> {
  return {
    wanted: `a whole number of at least ${least}`,
    holds: (value): value is number =>
      Number.isSafeInteger(value) && (value as number) >= least,
  };
}

/** Whole numbers of at least 1. */
export const COUNTS: Field<readonly number[]> = {
  wanted: "a list of whole numbers from 1",
  holds: (value): value is number[] =>
    Array.isArray(value) && value.length > 0 && value.every(count().holds),
};

/** Two whole numbers of at least 1. */
export const EXTENT: Field<readonly [number, number]> = {
  wanted: "a height and a width, whole numbers from 1",
  holds: (value): value is [number, number] =>
    COUNTS.holds(value) && value.length === 2,
};

export const FLAG: Field<boolean> = {
  wanted: "true or false",
  holds: (value) => typeof value === "boolean",
};

export const NUMBER: Field<number> = {
  wanted: "a finite number",
  holds: (value): value is number => Number.isFinite(value),
};

/** One of the known words. */
export function oneOf<Word extends string>(
  words: readonly Word[],
): Field<Word> {
  return {
    wanted: words.map((word) => `"${word}"`).join(" or "),
    holds: (value): value is Word => words.some((word) => word === value),
  };
}

/** Whether something has fields at all. */
export function isRecord(
  value: unknown,
): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
