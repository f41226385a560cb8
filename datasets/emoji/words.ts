/** English as far as captions need it: plurals, articles, number words. */

/** A noun phrase in both numbers. */
export interface Noun {
  /** Of one: "slice of cake". */
  readonly singular: string;
  /** Of more: "slices of cake". */
  readonly plural: string;
}

/**
 * The regular plural of a noun phrase. The head is the word before the first
 * "of", "with", "in" or "making": "slice of cake" becomes "slices of cake".
 */
export function pluralize(phrase: string): string {
  const tail = phrase.match(/ (of|with|in|making) .*$/)?.[0] ?? "";
  const head = phrase.slice(0, phrase.length - tail.length);
  return pluralHead(head) + tail;
}

function pluralHead(head: string): string {
  if (/(s|x|z|ch|sh)$/.test(head)) return `${head}es`;
  if (/[^aeiou]y$/.test(head)) return `${head.slice(0, -1)}ies`;
  return `${head}s`;
}

/** Words that begin with a vowel letter but not with a vowel sound. */
const CONSONANT_SOUND = /^(uni|ufo|one|euro|use)/;
/** Words that begin with a silent h. */
const VOWEL_SOUND = /^(hour|honest)/;

/** The phrase with "a" or "an" before it. */
export function withArticle(phrase: string): string {
  const vowel = VOWEL_SOUND.test(phrase) ||
    (/^[aeiou]/.test(phrase) && !CONSONANT_SOUND.test(phrase));
  return `${vowel ? "an" : "a"} ${phrase}`;
}

/** Number words, by number; index 0 is not used. */
export const NUMBER_WORDS = ["", "one", "two", "three", "four"] as const;
