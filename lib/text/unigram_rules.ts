/** What is done to a text before a Unigram model splits its words. */

import { charsmapNormalizer } from "./charsmap.ts";

/** A rule of a `tokenizer.json`, with its settings. */
export interface TokenizerRule {
  readonly type: string;
  readonly [setting: string]: unknown;
}

/** A text as another one. */
export type Normalize = (text: string) => string;

/** A text into words; `first` for the start of all. */
export type SplitWords = (text: string, first: boolean) => string[];

/** Rules by name; each is made ready once. */
type Rules<Ready> = Readonly<Record<string, (rule: TokenizerRule) => Ready>>;

const NORMALIZERS: Rules<Normalize> = {
  Sequence: (rule) => {
    const steps = (rule.normalizers as TokenizerRule[]).map(normalizer);
    return (text) => steps.reduce((text, step) => step(text), text);
  },
  Precompiled: (rule) =>
    charsmapNormalizer(
      Uint8Array.fromBase64(rule.precompiled_charsmap as string),
    ),
  Strip: (rule) => (text) => {
    const right = rule.strip_right ? text.replace(SPACES_AT_END, "") : text;
    return rule.strip_left ? right.replace(SPACES_AT_START, "") : right;
  },
  Replace: (rule) => {
    const { String: string, Regex: regex } = rule.pattern as {
      readonly String?: string;
      readonly Regex?: string;
    };
    const from = string ?? new RegExp(regex!, "gu");
    return (text) => text.replaceAll(from, () => rule.content as string);
  },
};

const SPLITTERS: Rules<SplitWords> = {
  Sequence: (rule) => {
    const steps = (rule.pretokenizers as TokenizerRule[]).map(wordSplitter);
    return (text, first) =>
      steps.reduce(
        (words, step) =>
          words.flatMap((word, i) => step(word, first && i === 0)),
        [text],
      );
  },
  WhitespaceSplit: () => (text) =>
    text.split(SPACES).filter((word) => word !== ""),
  Metaspace: (rule) => {
    const mark = rule.replacement as string;
    // Before there were schemes, there was a flag.
    const scheme = rule.prepend_scheme ??
      (rule.add_prefix_space === false ? "never" : "always");
    return (text, first) => {
      const marked = text.replaceAll(" ", mark);
      const lacks = scheme === "always" || (scheme === "first" && first);
      const all = lacks && !marked.startsWith(mark) ? mark + marked : marked;
      if (rule.split === false) return [all];
      return all.split(mark).map((word, i) => i === 0 ? word : mark + word)
        .filter((word) => word !== "");
    };
  },
};

const SPACES = /\p{White_Space}+/u;
/** Spaces that end a text. */
export const SPACES_AT_END = /\p{White_Space}+$/u;
/** Spaces that start a text. */
export const SPACES_AT_START = /^\p{White_Space}+/u;

/** @throws if there is no such rule here */
export function normalizer(rule: TokenizerRule): Normalize {
  return find("normalizer", NORMALIZERS, rule)(rule);
}

/** @throws if there is no such rule here */
export function wordSplitter(rule: TokenizerRule): SplitWords {
  return find("pre-tokenizer", SPLITTERS, rule)(rule);
}

function find<Ready>(
  kind: string,
  rules: Rules<Ready>,
  { type }: TokenizerRule,
): (rule: TokenizerRule) => Ready {
  if (Object.hasOwn(rules, type)) return rules[type];
  throw new Error(
    `there is no ${kind} "${type}" for a Unigram model, only ` +
      Object.keys(rules).join(", "),
  );
}
